/** A corpus out of a Blob, a string or ready passages: read in slices, cancellable, with progress. */
import { messageOf, RankscopeError, throwIfCancelled } from '../src/errors.ts';
import {
  type CorpusFields,
  type CorpusFormat,
  CorpusParser,
  describeProblems,
  type Notice,
  type Problem,
} from '../src/formats/corpus.ts';
import { CORPUS_FORMATS } from '../src/formats/detect.ts';
import { type Encoding, encodingName, encodingOf } from '../src/formats/encodings.ts';
import { type Opened, TextOpener } from '../src/formats/opening.ts';
import { Slices } from '../src/retrieval/slices.ts';
import type { Passage } from '../src/types.ts';
import {
  type CorpusLoadRequest,
  type CorpusProblem,
  type IndexProgress,
  MAX_LISTED,
} from '../src/workers/retrieval-protocol.ts';
import { ProgressReporter } from './retrieval-progress.ts';

/** Larger sources are refused: with its index it would not fit into a browser tab. */
const MAX_BYTES = 400e6;
/** UTF-16 units of a string that are parsed at once. */
const PIECE = 1 << 18;
const EXCERPT = 2000;

export interface ReadCorpus {
  readonly passages: readonly Passage[];
  readonly bytes: number;
  readonly format: CorpusFormat | 'passages';
  readonly opened?: Opened;
  readonly fields?: CorpusFields | undefined;
  readonly excerpt: string;
  readonly generatedIds: number;
  readonly problems: readonly CorpusProblem[];
  readonly problemCount: number;
  readonly notices: readonly Notice[];
}

/** @throws RankscopeError 'bad-input' (see RetrievalWorkerApi.load), 'cancelled' */
export async function readCorpus(
  request: CorpusLoadRequest,
  signal: AbortSignal,
  onProgress: (progress: IndexProgress) => void,
): Promise<ReadCorpus> {
  const { source } = request;
  if (typeof source !== 'string' && !(source instanceof Blob)) return readPassages(source, request);
  const name = request.fileName ?? (source instanceof File ? source.name : undefined);
  const size = typeof source === 'string' ? source.length : source.size;
  if (size > MAX_BYTES) {
    const mb = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
    throw new RankscopeError(
      'bad-input',
      `${name ?? 'This corpus'} is ${mb(size)}; a browser tab can index up to ${mb(MAX_BYTES)}. Load part of it.`,
      { bytes: size },
    );
  }
  const progress = new ProgressReporter('reading', size, onProgress);
  const parser = new CorpusParser({ fileName: name, format: formatOf(request.format) });
  const slices = new Slices();
  let excerpt = '';
  const encoding = encodingNamed(request.encoding);
  const opener = new TextOpener({
    file: name ?? 'The corpus',
    encoding,
    maxBytes: MAX_BYTES,
    advice: 'Choose its encoding, or save it as UTF-8.',
  });
  for await (const { text, done } of pieces(source, opener, name ?? 'The corpus')) {
    if (excerpt.length < EXCERPT) excerpt += text.slice(0, EXCERPT - excerpt.length);
    parser.push(text);
    progress.report(done);
    if (slices.over()) await slices.pause();
    throwIfCancelled(signal);
  }
  const parsed = parser.finish();
  progress.report(size);
  const { problemCount } = parsed;
  const problems = listed(parsed.problems);
  if (problemCount > 0 && !request.skipBadLines) {
    throw new RankscopeError('bad-input', describeProblems(parsed), {
      problems,
      problemCount,
      format: parsed.format,
    });
  }
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source).length : size;
  const { passages, format, generatedIds, fields } = parsed;
  const opened = typeof source === 'string' ? undefined : opener.opened;
  const notices = [...guessed(opened), ...parsed.notices];
  return {
    passages,
    bytes,
    format,
    excerpt,
    generatedIds,
    problems,
    problemCount,
    notices,
    fields,
    opened,
  };
}

/** An encoding that nobody named may be the wrong one. */
function guessed(opened: Opened | undefined): Notice[] {
  if (opened?.by !== 'content' || opened.encoding === 'utf-8') return [];
  const name = encodingName(opened.encoding);
  const message = `Read as ${name}, as its bytes suggest. If letters look wrong, choose another encoding.`;
  return [{ code: 'encoding', message }];
}

function encodingNamed(name: string | undefined): Encoding | undefined {
  const encoding = name === undefined ? undefined : encodingOf(name);
  if (name === undefined || encoding) return encoding;
  throw new RankscopeError('bad-input', `“${name}” is not an encoding. Choose one from the list.`);
}

function formatOf(name: string | undefined): CorpusFormat | undefined {
  if (name === undefined || name === 'auto') return undefined;
  const found = CORPUS_FORMATS.find((format) => format === name);
  if (found) return found;
  throw new RankscopeError(
    'bad-input',
    `“${name}” is not a corpus format. Choose one of ${CORPUS_FORMATS.join(', ')}.`,
  );
}

function listed(problems: readonly Problem[]): CorpusProblem[] {
  return problems.slice(0, MAX_LISTED).map(({ line, reason }) => ({ line, message: reason }));
}

interface Piece {
  readonly text: string;
  /** Bytes (of a string: UTF-16 units) up to the end of this piece. */
  readonly done: number;
}

async function* pieces(source: Blob | string, opener: TextOpener, name: string): AsyncGenerator<Piece> {
  if (typeof source === 'string') {
    for (let at = 0; at < source.length; at += PIECE) {
      yield { text: source.slice(at, at + PIECE), done: Math.min(source.length, at + PIECE) };
    }
    return;
  }
  const reader = source.stream().getReader();
  let done = 0;
  try {
    for (;;) {
      const chunk = await reader.read().catch((error: unknown) => {
        throw unreadable(name, error);
      });
      if (chunk.done) break;
      done += chunk.value.length;
      for (const text of opener.push(chunk.value)) yield { text, done };
    }
    for (const text of opener.finish()) yield { text, done };
  } finally {
    // Also when the work is cancelled between two chunks; the reader may have failed already.
    reader.cancel().catch(() => {});
  }
}

function unreadable(name: string, error: unknown): RankscopeError {
  const why = messageOf(error);
  return new RankscopeError(
    'bad-input',
    `${name} cannot be read (${why}). It may have been moved or changed since it was chosen: choose it again.`,
  );
}

/** Parsed passages are ours or the page's; only what an index relies on is checked. */
function readPassages(source: readonly Passage[], request: CorpusLoadRequest): ReadCorpus {
  const placeOf = new Map<string, number>();
  const problems: Problem[] = [];
  const passages = source.filter(({ id, text }, index) => {
    const earlier = placeOf.get(id);
    if (id !== '' && text.trim() !== '' && earlier === undefined) {
      placeOf.set(id, index + 1);
      return true;
    }
    const reason =
      earlier === undefined
        ? 'A passage needs an id and a text.'
        : `The id “${id}” belongs to passages ${earlier} and ${index + 1}. Give one of them another id.`;
    problems.push({ line: index + 1, reason });
    return false;
  });
  if (problems.length > 0 && !request.skipBadLines) {
    const [first] = problems;
    throw new RankscopeError('bad-input', `Passage ${first!.line}: ${first!.reason}`, {
      problems: listed(problems),
      problemCount: problems.length,
      format: 'passages',
    });
  }
  return {
    passages,
    bytes: passages.reduce((sum, p) => sum + p.text.length + (p.title?.length ?? 0), 0),
    format: 'passages',
    excerpt: '',
    generatedIds: 0,
    problems: listed(problems),
    problemCount: problems.length,
    notices: [],
  };
}
