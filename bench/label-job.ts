/**
 * What the labelling bench labels: queries of real collections with BM25's first ten passages, and the
 * embedded teacher in every dtype that it could have, made from its published weights.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRankerCard } from '../src/checkpoint/card-read.ts';
import type { CandidateList } from '../src/formats/hits.ts';
import { DEFAULT_BM25 } from '../src/retrieval/types.ts';
import { writeCheckpointFolder } from '../trainer/checkpoint/checkpoint-folder.ts';
import { readSource } from '../trainer/checkpoint/read-source.ts';
import { openSource } from '../trainer/input/source.ts';

const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const DATA = new URL('../../shared/data/', import.meta.url).pathname;
const COLLECTIONS = ['va-gov', 'scifact'];
export const DEPTH = 10;

export const WORK = new URL('../.cache/bench/', import.meta.url).pathname;

/** Writes the teacher with fp32, int8 and q8 scorers; returns the folder. */
export async function teacherInEveryDtype(): Promise<string> {
  const folder = join(WORK, 'teacher');
  mkdirSync(folder, { recursive: true });
  const source = await readSource(TEACHER);
  const {
    format: _f,
    version: _v,
    scorers,
    files: _files,
    ...card
  } = parseRankerCard(readFileSync(join(TEACHER, 'ranker.json'), 'utf8'), 'ranker.json');
  // The side of int8 products that has 7 bits was chosen when the teacher was exported.
  const int8 = scorers.int8
    ? readFileSync(join(TEACHER, scorers.int8)).subarray(-4096).toString('latin1')
    : '';
  const narrow = int8.includes('activations') ? 'activations' : 'weights';
  await writeCheckpointFolder(folder, {
    ...source,
    dtypes: ['fp32', 'int8', 'q8'],
    narrow,
    weights: 'F32',
    card,
  });
  return folder;
}

/** `count` queries spread over the collections. @throws RankscopeError 'missing' without ../shared/data */
export async function realLists(count: number): Promise<CandidateList[]> {
  const each = Math.ceil(count / COLLECTIONS.length);
  const found: CandidateList[][] = [];
  for (const name of COLLECTIONS) {
    const source = await openSource({ input: join(DATA, name), k: DEPTH, bm25: DEFAULT_BM25 });
    const { queries } = source;
    const lists: CandidateList[] = [];
    for (let i = 0; lists.length < each && i < queries.length; i++) {
      const query = queries[Math.floor((i * queries.length) / each) % queries.length]!;
      const candidates = source.search(query);
      if (candidates.length === DEPTH)
        lists.push({ query: { ...query, id: `${name}-${query.id}` }, candidates });
    }
    found.push(lists);
  }
  // Taken in turn, so that every round has both.
  return Array.from({ length: each }, (_, i) => found.flatMap((lists) => lists[i] ?? []))
    .flat()
    .slice(0, count);
}
