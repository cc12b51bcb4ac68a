/**
 * What the training loops eat: tokenised passages and queries, candidates per query, soft labels.
 * A folder of flat little-endian arrays, one file each, that load without parsing:
 *
 *   meta.json              {version, passages, queries, candidates, vocabulary, collections}
 *   passages.offsets.u32   [passages + 1]  tokens of passage p: passages.tokens[offsets[p] … offsets[p+1])
 *   passages.tokens.u16    no end token; at most 128 tokens: a loop takes as many as it wants
 *   queries.offsets.u32    [queries + 1]
 *   queries.tokens.u16     no end token; at most 48 tokens
 *   queries.part.u8        [queries]  0 train (stages 1 and 2), 1 distill (stage 3 only), 2 held out
 *   queries.collection.u8  [queries]  index into meta.collections
 *   candidates.offsets.u32 [queries + 1]  candidates of query q: [offsets[q] … offsets[q+1])
 *   candidates.passage.u32 [candidates]   passage index
 *   candidates.cosine.f32  [candidates]   soft label: cosine of the encoder's vectors; 0 where part ≠ train
 *   candidates.grade.u8    [candidates]   judged grade, 0 = not judged relevant
 *   candidates.rank.u8     [candidates]   rank by BM25 from 1; 0 = not among BM25's candidates
 *   candidates.score.f32   [candidates]   BM25's score; only in sets that are evaluated, for fusion
 *   passages.jsonl         {key, text} per passage, queries.jsonl {key, text, judged} per query, in index
 *                          order; judged = {passage key: grade}, *all* judgments (nDCG's ideal needs them)
 *
 * A query's candidates begin with BM25's, best first (rank 1, 2, …); no passage stands twice.
 * Prompts: tokenise the template's fixed wording piece by piece and put the token runs one after the
 * other, then the end token (1): as white space separates wording and slots, this equals
 * tokenising the whole prompt.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RankscopeError } from '../../../src/errors.ts';
import { writeAtomically } from './embed.ts';

export const queryPartCodes = { train: 0, distill: 1, 'held-out': 2 } as const;

export interface TrainingSetMeta {
  readonly version: 1;
  readonly passages: number;
  readonly queries: number;
  readonly candidates: number;
  /** Number of token ids. */
  readonly vocabulary: number;
  readonly collections: readonly string[];
}

/** The arrays of a set; lengths and meaning as in the header of this file. */
export interface TrainingArrays {
  readonly passageOffsets: Uint32Array;
  readonly passageTokens: Uint16Array;
  readonly queryOffsets: Uint32Array;
  readonly queryTokens: Uint16Array;
  readonly queryPart: Uint8Array;
  readonly queryCollection: Uint8Array;
  readonly candidateOffsets: Uint32Array;
  readonly candidatePassage: Uint32Array;
  readonly candidateCosine: Float32Array;
  readonly candidateGrade: Uint8Array;
  readonly candidateRank: Uint8Array;
}

export interface PassageText {
  readonly key: string;
  readonly text: string;
}

export interface QueryText extends PassageText {
  readonly judged: Readonly<Record<string, number>>;
}

const files: Readonly<Record<keyof TrainingArrays, string>> = {
  passageOffsets: 'passages.offsets.u32',
  passageTokens: 'passages.tokens.u16',
  queryOffsets: 'queries.offsets.u32',
  queryTokens: 'queries.tokens.u16',
  queryPart: 'queries.part.u8',
  queryCollection: 'queries.collection.u8',
  candidateOffsets: 'candidates.offsets.u32',
  candidatePassage: 'candidates.passage.u32',
  candidateCosine: 'candidates.cosine.f32',
  candidateGrade: 'candidates.grade.u8',
  candidateRank: 'candidates.rank.u8',
};

const SCORES = 'candidates.score.f32';

/** A set in memory, with short ways to a query's rows. Views share memory: do not write to them. */
export class TrainingSet {
  readonly meta: TrainingSetMeta;
  readonly arrays: TrainingArrays;
  readonly folder: string;
  /** BM25's score of each candidate, where the set has them. */
  private readonly firstStageScores: Float32Array | undefined;

  constructor(meta: TrainingSetMeta, arrays: TrainingArrays, folder = '', scores?: Float32Array) {
    this.meta = meta;
    this.arrays = arrays;
    this.folder = folder;
    this.firstStageScores = scores;
  }

  passage(index: number, maxTokens = 128): Uint16Array {
    const { passageOffsets: at, passageTokens } = this.arrays;
    return passageTokens.subarray(at[index]!, Math.min(at[index]! + maxTokens, at[index + 1]!));
  }

  query(index: number, maxTokens = 48): Uint16Array {
    const { queryOffsets: at, queryTokens } = this.arrays;
    return queryTokens.subarray(at[index]!, Math.min(at[index]! + maxTokens, at[index + 1]!));
  }

  /** Candidates of a query: parallel arrays, BM25's first. */
  candidates(index: number) {
    const {
      candidateOffsets: at,
      candidatePassage,
      candidateCosine,
      candidateGrade,
      candidateRank,
    } = this.arrays;
    const from = at[index]!;
    const to = at[index + 1]!;
    return {
      passage: candidatePassage.subarray(from, to),
      cosine: candidateCosine.subarray(from, to),
      grade: candidateGrade.subarray(from, to),
      rank: candidateRank.subarray(from, to),
    };
  }

  /** BM25's scores of a query's candidates, parallel to `candidates`; undefined where the set has none. */
  scores(index: number): Float32Array | undefined {
    const { candidateOffsets: at } = this.arrays;
    return this.firstStageScores?.subarray(at[index]!, at[index + 1]!);
  }

  /** Indices of the queries of a part, ascending. */
  queriesOf(part: keyof typeof queryPartCodes): number[] {
    const code = queryPartCodes[part];
    return [...this.arrays.queryPart.keys()].filter((q) => this.arrays.queryPart[q] === code);
  }

  passageTexts(): PassageText[] {
    return readJsonl(join(this.folder, 'passages.jsonl')) as PassageText[];
  }

  queryTexts(): QueryText[] {
    return readJsonl(join(this.folder, 'queries.jsonl')) as QueryText[];
  }
}

export interface TrainingSetInput {
  readonly vocabulary: number;
  readonly collections: readonly string[];
  readonly passages: readonly (PassageText & { readonly tokens: ArrayLike<number> })[];
  readonly queries: readonly (QueryText & {
    readonly tokens: ArrayLike<number>;
    readonly part: keyof typeof queryPartCodes;
    readonly collection: string;
    readonly candidates: readonly CandidateRow[];
  })[];
}

export interface CandidateRow {
  readonly passage: number;
  readonly cosine: number;
  readonly grade: number;
  readonly rank: number;
  /** BM25's score: in all rows of a set or in none. */
  readonly score?: number;
}

/** Writes a set into `folder`; meta.json last, so that a folder with it is complete. */
export function writeTrainingSet(folder: string, input: TrainingSetInput): void {
  const { passages, queries, collections } = input;
  const rows = queries.flatMap((query) => query.candidates);
  const [passageOffsets, passageTokens] = ragged(passages.map((one) => one.tokens));
  const [queryOffsets, queryTokens] = ragged(queries.map((one) => one.tokens));
  const [candidateOffsets] = ragged(queries.map((one) => one.candidates.map(() => 0)));
  const arrays: TrainingArrays = {
    passageOffsets,
    passageTokens,
    queryOffsets,
    queryTokens,
    queryPart: Uint8Array.from(queries, (query) => queryPartCodes[query.part]),
    queryCollection: Uint8Array.from(queries, (query) => collections.indexOf(query.collection)),
    candidateOffsets,
    candidatePassage: Uint32Array.from(rows, (row) => row.passage),
    candidateCosine: Float32Array.from(rows, (row) => row.cosine),
    candidateGrade: Uint8Array.from(rows, (row) => row.grade),
    candidateRank: Uint8Array.from(rows, (row) => row.rank),
  };
  const meta: TrainingSetMeta = {
    version: 1,
    passages: passages.length,
    queries: queries.length,
    candidates: rows.length,
    vocabulary: input.vocabulary,
    collections,
  };
  check(meta, arrays, folder);
  for (const [name, file] of Object.entries(files)) {
    writeAtomically(join(folder, file), arrays[name as keyof TrainingArrays]);
  }
  const scores = rows.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (scores.length > 0) writeAtomically(join(folder, SCORES), Float32Array.from(scores));
  const passageLines = passages.map(({ key, text }) => JSON.stringify({ key, text }));
  const queryLines = queries.map(({ key, text, judged }) => JSON.stringify({ key, text, judged }));
  writeAtomically(join(folder, 'passages.jsonl'), passageLines.join('\n'));
  writeAtomically(join(folder, 'queries.jsonl'), queryLines.join('\n'));
  writeAtomically(join(folder, 'meta.json'), JSON.stringify(meta, null, 2));
}

/** Reads a set and checks that its arrays fit together. */
export function readTrainingSet(folder: string): TrainingSet {
  const path = join(folder, 'meta.json');
  if (!existsSync(path)) {
    throw new RankscopeError(
      'missing',
      `${path} is not there. Prepare the data: npx tsx trainer/pretrain/data/prepare.ts`,
    );
  }
  const meta = JSON.parse(readFileSync(path, 'utf8')) as TrainingSetMeta;
  const load = <T>(name: keyof TrainingArrays, make: (bytes: ArrayBuffer) => T): T => {
    const bytes = readFileSync(join(folder, files[name]));
    // A copy of its own, so that any element size is aligned.
    return make(new Uint8Array(bytes).buffer);
  };
  const arrays: TrainingArrays = {
    passageOffsets: load('passageOffsets', (bytes) => new Uint32Array(bytes)),
    passageTokens: load('passageTokens', (bytes) => new Uint16Array(bytes)),
    queryOffsets: load('queryOffsets', (bytes) => new Uint32Array(bytes)),
    queryTokens: load('queryTokens', (bytes) => new Uint16Array(bytes)),
    queryPart: load('queryPart', (bytes) => new Uint8Array(bytes)),
    queryCollection: load('queryCollection', (bytes) => new Uint8Array(bytes)),
    candidateOffsets: load('candidateOffsets', (bytes) => new Uint32Array(bytes)),
    candidatePassage: load('candidatePassage', (bytes) => new Uint32Array(bytes)),
    candidateCosine: load('candidateCosine', (bytes) => new Float32Array(bytes)),
    candidateGrade: load('candidateGrade', (bytes) => new Uint8Array(bytes)),
    candidateRank: load('candidateRank', (bytes) => new Uint8Array(bytes)),
  };
  check(meta, arrays, folder);
  const scores = existsSync(join(folder, SCORES))
    ? new Float32Array(new Uint8Array(readFileSync(join(folder, SCORES))).buffer)
    : undefined;
  if (scores && scores.length !== meta.candidates) refuse(folder);
  return new TrainingSet(meta, arrays, folder, scores);
}

function check(meta: TrainingSetMeta, arrays: TrainingArrays, folder: string): void {
  const fits =
    meta.version === 1 &&
    arrays.passageOffsets.length === meta.passages + 1 &&
    arrays.queryOffsets.length === meta.queries + 1 &&
    arrays.candidateOffsets.length === meta.queries + 1 &&
    arrays.queryPart.length === meta.queries &&
    arrays.queryCollection.length === meta.queries &&
    arrays.passageOffsets[meta.passages] === arrays.passageTokens.length &&
    arrays.queryOffsets[meta.queries] === arrays.queryTokens.length &&
    arrays.candidateOffsets[meta.queries] === meta.candidates &&
    [arrays.candidatePassage, arrays.candidateCosine, arrays.candidateGrade, arrays.candidateRank].every(
      (rows) => rows.length === meta.candidates,
    ) &&
    arrays.candidatePassage.every((passage) => passage < meta.passages) &&
    arrays.passageTokens.every((id) => id < meta.vocabulary) &&
    arrays.queryTokens.every((id) => id < meta.vocabulary);
  if (!fits) refuse(folder);
}

function refuse(folder: string): never {
  throw new RankscopeError(
    'bad-input',
    `The training set in ${folder} does not fit together. Prepare it again.`,
  );
}

/** Offsets [rows + 1] and all rows in one array. */
function ragged(rows: readonly ArrayLike<number>[]): [offsets: Uint32Array, data: Uint16Array] {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => {
    offsets[r + 1] = offsets[r]! + row.length;
  });
  const data = new Uint16Array(offsets[rows.length]!);
  rows.forEach((row, r) => {
    data.set(row, offsets[r]);
  });
  return [offsets, data];
}

function readJsonl(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
