/**
 * Where the passages come from, and how far the index is. Setting a source only records it:
 * the indexer (indexer.ts) watches this store and feeds the retrieval worker.
 */
import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import type { Encoding } from '../../formats/encodings.ts';
import { textHash } from '../../text-hash.ts';
import type { CorpusSummary, IndexProgress } from '../../workers/types.ts';
import type { Sample, SampleEntry } from './samples.ts';

/** Pastes and files up to this size are text in the box and can be edited; larger ones go to the worker as a Blob. */
export const MAX_TEXT_BYTES = 200_000;
/** UTF-16 units of a large source that the box shows. */
export const EXCERPT_LENGTH = 4_000;

export type CorpusSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'sample'; readonly id: string }
  /** `name` is that of the file that the text began as: it tells the format by its extension. */
  | { readonly kind: 'text'; readonly text: string; readonly name?: string }
  /** A paste over the limit: the box shows the excerpt, read-only. */
  | {
      readonly kind: 'paste';
      /** A promise while the text is being encoded, piece by piece. */
      readonly blob: Blob | Promise<Blob>;
      /** UTF-16 units of the text. */
      readonly size: number;
      readonly excerpt: string;
      readonly hash: string;
      readonly name?: string;
    }
  | {
      readonly kind: 'file';
      readonly name: string;
      /** Milliseconds since 1970, from the file. */
      readonly modified: number;
      readonly blob: Blob;
      /** Bytes. */
      readonly size: number;
      /** Empty until the start of the file has been read. */
      readonly excerpt: string;
      /** True when the excerpt is the whole text (at most MAX_TEXT_BYTES), which can be edited. */
      readonly whole: boolean;
    };

export type IndexStatus =
  | { readonly state: 'empty' }
  /** Changed, not handed to the worker yet (the user is typing). */
  | { readonly state: 'pending' }
  | ({ readonly state: 'loading' } & IndexProgress)
  | { readonly state: 'ready'; readonly summary: CorpusSummary }
  | { readonly state: 'error'; readonly error: ErrorData; readonly summary?: CorpusSummary };

export interface CorpusState {
  readonly samples: readonly SampleEntry[];
  readonly samplesError: string | null;
  readonly source: CorpusSource;
  /** The chosen sample once it has been fetched. */
  readonly sample: Sample | null;
  /** Id of the sample that the corpus is or began as: its queries and grades still fit. */
  readonly origin: string | null;
  /** What the Corpus box shows: the text itself, a sample as blocks, or an excerpt. */
  readonly boxText: string;
  /** True when the box shows an excerpt only and typing is not possible. */
  readonly boxReadOnly: boolean;
  /** Forced format of the source, or null for automatic. */
  readonly format: string | null;
  /** Forced encoding of a file, or null for automatic. */
  readonly encoding: Encoding | null;
  readonly skipBadLines: boolean;
  readonly index: IndexStatus;
  /** Names the content: changes exactly when the corpus changes, and survives a reload. */
  readonly fingerprint: string;
  /** Hashes of all passages' texts (grades.ts); null while unknown and for the largest corpora. */
  readonly textHashes: ReadonlySet<string> | null;
  /** What `undoReplace` brings back, if anything. */
  readonly replaced: CorpusSource | null;

  chooseSample(id: string): void;
  /** Typing or pasting into the box. Over 200 kB the text becomes a Blob and the box shows an excerpt. */
  setText(text: string): void;
  setFile(file: File): void;
  clear(): void;
  setFormat(format: string | null): void;
  setEncoding(encoding: Encoding | null): void;
  setSkipBadLines(skip: boolean): void;
  undoReplace(): void;
}

export const emptyCorpus = {
  samples: [] as readonly SampleEntry[],
  samplesError: null,
  source: { kind: 'none' },
  sample: null,
  origin: null,
  boxText: '',
  boxReadOnly: false,
  format: null,
  encoding: null,
  skipBadLines: false,
  index: { state: 'empty' },
  fingerprint: 'none',
  textHashes: null,
  replaced: null,
} satisfies Partial<CorpusState>;

/** Fields that follow from a source. A sample's text is filled in when it has been fetched. */
export function ofSource(source: CorpusSource) {
  return {
    source,
    sample: null,
    origin: source.kind === 'sample' ? source.id : null,
    boxText: source.kind === 'text' ? source.text : 'excerpt' in source ? source.excerpt : '',
    boxReadOnly: 'excerpt' in source && !isWhole(source),
    fingerprint: fingerprintOf(source),
    index: isEmpty(source) ? ({ state: 'empty' } as const) : ({ state: 'pending' } as const),
    textHashes: null,
    format: null,
    encoding: null,
    skipBadLines: false,
  } satisfies Partial<CorpusState>;
}

const isWhole = (source: CorpusSource): boolean => source.kind === 'file' && source.whole;

export function isEmpty(source: CorpusSource): boolean {
  if (source.kind === 'none') return true;
  return source.kind === 'text' && source.text.trim() === '';
}

function fingerprintOf(source: CorpusSource): string {
  switch (source.kind) {
    case 'none':
      return 'none';
    case 'sample':
      return `sample:${source.id}`;
    case 'text':
      return `text:${textHash(source.text)}${source.name === undefined ? '' : `:${source.name}`}`;
    case 'paste':
      return `paste:${source.hash}`;
    case 'file':
      return `file:${source.name}:${source.size}:${source.modified}`;
  }
}

/** @param name of the file that the text began as */
function sourceOfText(text: string, name?: string): CorpusSource {
  if (text === '') return { kind: 'none' };
  const { length: size } = text;
  const small =
    size <= MAX_TEXT_BYTES && (size * 3 <= MAX_TEXT_BYTES || new Blob([text]).size <= MAX_TEXT_BYTES);
  if (small) return { kind: 'text', text, name };
  return {
    kind: 'paste',
    name,
    blob: blobOf(text),
    size,
    excerpt: text.slice(0, EXCERPT_LENGTH),
    hash: textHash(text),
  };
}

/** UTF-16 units that are encoded in one go: some milliseconds' work. */
const PIECE = 2_000_000;

/** A text as a Blob. Encoding 100 MB takes long enough to be felt, so it is done in pieces. */
function blobOf(text: string): Blob | Promise<Blob> {
  if (text.length <= PIECE) return new Blob([text]);
  return (async () => {
    const pieces: Blob[] = [];
    for (let at = 0; at < text.length; ) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      let end = Math.min(text.length, at + PIECE);
      // Not between the halves of a surrogate pair: each would be encoded as a broken character.
      if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
      pieces.push(new Blob([text.slice(at, end)]));
      at = end;
    }
    return new Blob(pieces);
  })();
}

/**
 * The start of a file as text, opened as the worker opens it, and whether that is all of it; nothing if it
 * cannot be read (the worker will say why).
 */
async function readStart(
  file: Blob,
  encoding: Encoding | null,
): Promise<{ readonly excerpt: string; readonly whole: boolean }> {
  const parts: string[] = [];
  let bytes = 0;
  let whole = false;
  try {
    const { TextOpener } = await import('../../formats/opening.ts');
    const start = new Uint8Array(await file.slice(0, MAX_TEXT_BYTES).arrayBuffer());
    const opener = new TextOpener({ file: 'start', encoding: encoding ?? undefined });
    const take = (pieces: Iterable<string>): void => {
      for (const piece of pieces) {
        parts.push(piece);
        bytes += new Blob([piece]).size;
        if (bytes > MAX_TEXT_BYTES) return;
      }
    };
    take(opener.push(start));
    take(opener.finish());
    whole = file.size <= start.length && bytes <= MAX_TEXT_BYTES;
  } catch {
    // Cut within a character or a packed part: what came before is the start all the same.
  }
  const text = parts.join('');
  return { excerpt: whole ? text : text.slice(0, EXCERPT_LENGTH), whole };
}

/**
 * Whether b keeps at least half of a at its two ends: an edit of it, not another text. Of nothing (a sample that
 * is still being fetched) there is no edit.
 */
function isEdit(a: string, b: string): boolean {
  if (a === '') return false;
  const max = Math.min(a.length, b.length);
  let head = 0;
  while (head < max && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < max - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return head + tail >= a.length / 2;
}

/** A shorter line is not worth an undo of its own, which would take the place of a longer text's. */
const WORTH_UNDO = 40;

const isWorthUndo = (source: CorpusSource): boolean =>
  !isEmpty(source) &&
  (source.kind !== 'text' || source.text.length >= WORTH_UNDO || source.text.trim().includes('\n'));

export const useCorpus = create<CorpusState>()((set, get) => {
  const replaceWith = (source: CorpusSource): void => {
    const { source: before, replaced } = get();
    set({ ...ofSource(source), replaced: isWorthUndo(before) ? before : replaced });
  };
  /** Shows the start of a file, or all of it, once it has been read, unless another source came meanwhile. */
  const showStart = async (blob: Blob): Promise<void> => {
    const { encoding } = get();
    const start = await readStart(blob, encoding);
    const { source, encoding: now } = get();
    if (source.kind !== 'file' || source.blob !== blob || encoding !== now) return;
    set({ source: { ...source, ...start }, boxText: start.excerpt, boxReadOnly: !start.whole });
  };
  return {
    ...emptyCorpus,
    source: { kind: 'none' },
    index: { state: 'empty' },
    chooseSample: (id) => {
      const { source } = get();
      if (source.kind !== 'sample' || source.id !== id) replaceWith({ kind: 'sample', id });
    },
    setText: (text) => {
      const { source: before, boxText, origin, format, skipBadLines, boxReadOnly, replaced } = get();
      if (text === boxText) return;
      const isEdited = !boxReadOnly && isEdit(boxText, text);
      const source = sourceOfText(text, isEdited && 'name' in before ? before.name : undefined);
      if (source.kind !== 'text' || !isEdited) return replaceWith(source);
      // An edit keeps what belongs to the text it began as.
      const choices = before.kind === 'sample' ? {} : { format, skipBadLines };
      const kept = before.kind === 'text' ? choices : { ...choices, replaced: before };
      set({ ...ofSource(source), replaced, ...kept, origin });
    },
    setFile: (file) => {
      const { name, lastModified: modified, size } = file;
      replaceWith({ kind: 'file', name, modified, size, blob: file, excerpt: '', whole: false });
      void showStart(file);
    },
    clear: () => replaceWith({ kind: 'none' }),
    setFormat: (format) => set({ format, index: { state: 'pending' } }),
    setEncoding: (encoding) => {
      const { source } = get();
      set({ encoding, index: { state: 'pending' } });
      if (source.kind === 'file') void showStart(source.blob);
    },
    setSkipBadLines: (skipBadLines) => set({ skipBadLines, index: { state: 'pending' } }),
    undoReplace: () => {
      const { source, replaced } = get();
      if (replaced) set({ ...ofSource(replaced), replaced: isEmpty(source) ? null : source });
    },
  };
});
