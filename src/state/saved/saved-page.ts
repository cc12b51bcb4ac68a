/** The page's inputs as they are stored: a query, and where its passages come from. */
import * as v from 'valibot';
import { type Encoding, encodingOf } from '../../formats/encodings.ts';
import { type CorpusSource, EXCERPT_LENGTH, MAX_TEXT_BYTES } from '../corpus/corpus.ts';
import { finite, flag, orNone, orNull, readAs, short, text } from './shapes.ts';

/** A box with a longer query than this is slow to draw; such a one is not kept. */
export const LONGEST_QUERY = 100_000;
const LONGEST_NAME = 1_000;

const name = short(LONGEST_NAME);
const corpus = v.variant('kind', [
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('sample'), id: name }),
  v.object({ kind: v.literal('text'), text: short(MAX_TEXT_BYTES), name: orNone(name) }),
  // A Blob lies in IndexedDB under its fingerprint.
  v.object({ kind: v.literal('stored'), fingerprint: short(2 * LONGEST_NAME) }),
]);
const page = v.object({
  query: short(LONGEST_QUERY),
  corpus,
  origin: orNull(name),
  format: orNull(name),
  encoding: v.fallback(
    v.pipe(
      name,
      v.transform((given): Encoding | null => encodingOf(given) ?? null),
    ),
    null,
  ),
  skipBadLines: flag(false),
});

/** Small enough for localStorage. */
export type SavedPage = v.InferOutput<typeof page>;

export const unpackPage = (data: unknown): SavedPage | undefined => readAs(page, data);

const blob = v.instance(Blob);
const source = v.variant('kind', [
  v.object({
    kind: v.literal('file'),
    name,
    blob,
    excerpt: text,
    whole: flag(false),
    modified: v.fallback(finite, 0),
  }),
  v.pipe(
    v.object({
      kind: v.literal('paste'),
      blob,
      excerpt: text,
      whole: flag(false),
      hash: name,
      size: v.pipe(v.number(), v.integer(), v.minValue(0)),
      name: orNone(name),
    }),
    // A text has no more UTF-16 units than bytes.
    v.check(({ size, blob: stored }) => size <= stored.size),
  ),
]);

/** What was stored of a large corpus, held to what its Blob says of itself; undefined when it is broken. */
export function unpackSource(value: unknown): CorpusSource | undefined {
  const stored = readAs(source, value);
  if (!stored) return undefined;
  const whole = stored.whole && stored.excerpt.length <= MAX_TEXT_BYTES;
  const excerpt = whole ? stored.excerpt : stored.excerpt.slice(0, EXCERPT_LENGTH);
  if (stored.kind === 'file') return { ...stored, excerpt, whole, size: stored.blob.size };
  const { kind, blob, hash, size, name } = stored;
  return { kind, blob, excerpt, hash, size, name };
}
