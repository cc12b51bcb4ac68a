/**
 * Texts that nothing may learn from whatever collection they turn up in: corpora that are only ever
 * evaluated on, TREC topics, and the sample corpora that the page shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, readCollection } from './collections.ts';

/** Whole corpora for evaluation. MS MARCO's passages (TREC DL21) include web copies of Wikipedia. */
export const evaluatedCollections = ['trec-dl21', 'cranfield', 'scifact'] as const;

/** Collections whose queries are evaluated. */
const evaluatedTopics = [...evaluatedCollections, 'trec-dl22'] as const;

const samplesFolder = join(import.meta.dirname, '../../../public/samples');

export interface HeldApart {
  readonly passages: readonly string[];
  readonly queries: readonly string[];
}

/** Every text of the evaluated corpora, topics and samples. */
export function readHeldApart(root?: string): HeldApart {
  const collections = new Map<string, Collection>(
    evaluatedTopics.map((name) => [name, readCollection(name, root)]),
  );
  const samples = [...sampleTexts()];
  return {
    passages: [
      ...evaluatedCollections.flatMap((name) => collections.get(name)!.passages.map(({ text }) => text)),
      ...samples,
    ],
    queries: [
      ...[...collections.values()].flatMap(({ queries }) => queries.map(({ text }) => text)),
      ...samples,
    ],
  };
}

/** Every string of the sample files that is long enough to be a passage or a query. */
export function* sampleTexts(folder = samplesFolder): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    yield* longStrings(JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')));
  }
}

function* longStrings(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.length >= 20) yield value;
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* longStrings(inner);
  }
}
