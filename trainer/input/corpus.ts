/** A corpus from a file: BEIR's corpus.jsonl, MS MARCO's TSV, or anything else that the page reads too. */
import { CorpusParser, type Problem } from '../../src/formats/corpus.ts';
import { badInput, counted } from '../../src/formats/excerpt.ts';
import type { Passage } from '../../src/types.ts';
import { streamText } from './stream-text.ts';

export interface CorpusFile {
  readonly passages: readonly Passage[];
  /** What people should know about a file that was read all the same. */
  readonly notices: readonly string[];
}

export interface CorpusFileOptions {
  /** Lines that cannot be read are left out and counted in a notice instead of being an error. */
  readonly skipFaulty?: boolean;
  /** Every passage must have come with an id: judgments and runs name them. */
  readonly needIds?: boolean;
  /** Only these passages are kept, so that the rest of a large collection costs no more memory than its ids. */
  readonly wanted?: ReadonlySet<string>;
  readonly signal?: { readonly aborted: boolean };
  /** Bytes read, of so many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** @throws RankscopeError 'missing', or 'bad-input' with file, line and reason. */
export async function readCorpusFile(file: string, options: CorpusFileOptions = {}): Promise<CorpusFile> {
  const corpus = await parse(file, options);
  const { passages, problems, problemCount } = corpus;
  const [problem] = problems;
  if (problem && !options.skipFaulty) {
    const more = problemCount > 1 ? ` ${counted(problemCount - 1, 'more line')} cannot be read either.` : '';
    throw badInput(file, problem.line, `${problem.reason}${more} Use --skip-faulty to leave such lines out.`);
  }
  if (passages.length === 0 && !options.wanted) {
    throw badInput(file, undefined, 'it has no passages.');
  }
  const notices = [...corpus.notices];
  if (problem) {
    notices.push(
      `${counted(problemCount, 'line')} left out; the first is line ${problem.line}: ${problem.reason}`,
    );
  }
  return { passages, notices: notices.map((notice) => `${file}: ${notice}`) };
}

interface Parsed {
  readonly passages: readonly Passage[];
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly notices: readonly string[];
}

/** By the page's own reader. */
async function parse(file: string, options: CorpusFileOptions): Promise<Parsed> {
  const { needIds, wanted, signal, onProgress } = options;
  const isJsonLines = /\.(jsonl|ndjson)(\.gz)?$/i.test(file);
  const parser = new CorpusParser({
    fileName: file,
    format: isJsonLines ? 'jsonl' : undefined,
    needIds: isJsonLines,
    keep: wanted ? (id) => wanted.has(id) : undefined,
  });
  for await (const text of streamText(file, onProgress)) {
    parser.push(text);
    if (signal?.aborted) break;
  }
  const { passages, problems, problemCount, notices, generatedIds } = parser.finish();
  if (needIds && generatedIds > 0) {
    throw badInput(
      file,
      undefined,
      `${counted(generatedIds, 'passage')} of ${passages.length.toLocaleString('en')} have no id, ` +
        'by which judgments and runs name passages. Write id<TAB>text, or use JSON lines with “_id”.',
    );
  }
  const told = notices.filter(
    ({ code }) => !['single', 'identical', ...(wanted ? ['empty'] : [])].includes(code),
  );
  return { passages, problems, problemCount, notices: told.map(({ message }) => message) };
}
