/**
 * Corpora: plain text, tables, JSON lines. One incremental parser, fed chunk by chunk, so that a
 * file of 100 MB is read with no more memory than its passages need, in time linear in its length.
 */
import { RankscopeError } from '../errors.ts';
import type { Passage } from '../types.ts';
import { binaryShare } from './clean.ts';
import { Collector, type Notice } from './collector.ts';
import { blockReader, type ChunkReader, jsonlReader, jsonReader, lineReader } from './corpus-readers.ts';
import { tableReader } from './corpus-table.ts';
import { type CorpusFormat, type Detected, detectFormat, SAMPLE_LENGTH } from './detect.ts';
import { counted, type Problem } from './excerpt.ts';
import type { CorpusFields } from './field-names.ts';

export type { Notice } from './collector.ts';
export type { CorpusFormat } from './detect.ts';
export { detectFormat } from './detect.ts';
export type { Problem } from './excerpt.ts';
export type { CorpusFields } from './field-names.ts';

export interface CorpusOptions {
  /** Helps detection by its extension, and names the input in errors. */
  readonly fileName?: string;
  /** Overrides detection; tables keep the detected delimiter and header. */
  readonly format?: CorpusFormat;
  /** A passage without an id is a problem: judgments and runs name passages by it. */
  readonly needIds?: boolean;
  /** Which passages that have an id are kept, so that the others cost no memory; absent: all. */
  readonly keep?: (id: string) => boolean;
}

export interface ParsedCorpus {
  readonly format: CorpusFormat;
  /** In input order, ids unique. Faulty lines are not among them. */
  readonly passages: readonly Passage[];
  /** What is wrong, by line, at most 1,000. Whether to go on without those lines is the user's choice. */
  readonly problems: readonly Problem[];
  /** All problems, kept or not. */
  readonly problemCount: number;
  readonly notices: readonly Notice[];
  /** UTF-16 code units in titles and texts. */
  readonly characters: number;
  /** Passages that came without an id and were given one. */
  readonly generatedIds: number;
  /** Rows left out because they have neither text nor title. */
  readonly empty: number;
  /** Which columns or keys became id, title and text; undefined for plain text. */
  readonly fields?: CorpusFields | undefined;
}

/**
 * Parses a corpus that arrives in chunks. The format is decided once, from the first 64 k characters
 * (or all, if it is shorter), see `detectFormat`; nothing is parsed before. So plain text whose first
 * blank line between paragraphs comes later is read as one passage a line, and a notice says so.
 * Line ends may be \n, \r\n or \r; a byte order mark is dropped.
 */
export class CorpusParser {
  readonly #options: CorpusOptions;
  readonly #collector: Collector;
  #sample: string[] = [];
  #sampleLength = 0;
  #reader: ChunkReader | undefined;
  #format: CorpusFormat = 'lines';

  constructor(options: CorpusOptions = {}) {
    this.#options = options;
    this.#collector = new Collector(options);
  }

  /** Passages found so far, kept or not. */
  get count(): number {
    return this.#collector.passages.length + this.#collector.left;
  }

  /** Adds a piece of text of any length; throws 'bad-input' when the input is not text. */
  push(chunk: string): void {
    if (this.#reader) {
      this.#reader.push(chunk);
      return;
    }
    this.#sample.push(chunk);
    this.#sampleLength += chunk.length;
    // One more than the sample, so that detection knows that the input goes on.
    if (this.#sampleLength > SAMPLE_LENGTH) this.#begin();
  }

  /** Ends the input. Only now do passages without an id get theirs: its width depends on their number. */
  finish(): ParsedCorpus {
    const reader = this.#reader ?? this.#begin();
    reader.finish();
    const collector = this.#collector;
    collector.finish();
    const { passages, problems, problemCount, notices, characters, generatedIds, empty } = collector;
    return {
      format: this.#format,
      passages,
      problems,
      problemCount,
      notices,
      characters,
      generatedIds,
      empty,
      fields: collector.fields.found,
    };
  }

  #begin(): ChunkReader {
    const start = this.#sample.join('').replace(/^\ufeff/, '');
    this.#sample = [];
    const { fileName, format } = this.#options;
    if (binaryShare(start.slice(0, SAMPLE_LENGTH)) > 0.1) {
      throw new RankscopeError(
        'bad-input',
        `${fileName ?? 'The corpus'} is not plain text in UTF-8. Unpack it, or save it as UTF-8 text, CSV or JSON lines.`,
        { file: fileName },
      );
    }
    const detected = detectFormat(start, fileName);
    const chosen: Detected = format === undefined || format === detected.format ? detected : { format };
    this.#format = chosen.format;
    const reader = makeReader(chosen, this.#collector);
    this.#reader = reader;
    reader.push(start);
    return reader;
  }
}

/**
 * Parses a whole corpus at once; the same as one `push` and `finish` of a CorpusParser.
 * Faulty lines end up in `problems` with their line numbers and are left out of `passages`; only an
 * input that is not text at all throws ('bad-input').
 */
export function parseCorpus(text: string, options: CorpusOptions = {}): ParsedCorpus {
  const parser = new CorpusParser(options);
  parser.push(text);
  return parser.finish();
}

/** "3 lines cannot be read; the first is line 7: …", for a message or an error. */
export function describeProblems(corpus: Pick<ParsedCorpus, 'problems' | 'problemCount'>): string {
  const first = corpus.problems[0];
  if (first === undefined) return '';
  const many = `${counted(corpus.problemCount, 'line')} cannot be read`;
  return corpus.problemCount === 1
    ? `Line ${first.line}: ${first.reason}`
    : `${many}; the first is line ${first.line}: ${first.reason}`;
}

function makeReader(detected: Detected, collector: Collector): ChunkReader {
  switch (detected.format) {
    case 'blocks':
      return blockReader(collector);
    case 'lines':
      return lineReader(collector);
    case 'jsonl':
      return jsonlReader(collector);
    case 'json':
      return jsonReader(collector);
    default: {
      const fallback = detected.format === 'csv' ? ',' : '\t';
      return tableReader(collector, {
        delimiter: detected.delimiter ?? fallback,
        header: detected.header ?? false,
        separatorLine: detected.separatorLine ?? false,
        // A tab-separated file without a header is MS MARCO's kind: no quoting.
        quoting: detected.format === 'csv' || detected.header === true,
      });
    }
  }
}
