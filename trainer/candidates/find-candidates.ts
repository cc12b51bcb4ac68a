/** `candidates`: a corpus and queries → the first stage's best passages for each query, as RankGPT hits. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { bm25Text } from '../../src/retrieval/params.ts';
import type { Candidate, Query } from '../../src/types.ts';
import { chosenEncoding } from '../input/encoding.ts';
import { ResumableLines } from '../input/resumable-lines.ts';
import {
  openSource,
  readSourceQueries,
  type Source,
  type SourceListener,
  type SourceRequest,
} from '../input/source.ts';
import { type RelevantIds, readRelevant, withRelevant } from './with-relevant.ts';

export interface CandidatesRequest extends Omit<SourceRequest, 'also'> {
  readonly output: string;
  /** Judgments whose relevant passages stand in for what the first stage did not find: see with-relevant.ts. */
  readonly relevant?: string;
}

export interface CandidatesListener extends SourceListener {
  searched?(done: number, total: number): void;
}

/** `--json` prints it. Seconds are wall time. */
export interface CandidatesSummary {
  readonly command: 'candidates';
  readonly state: 'done' | 'cancelled';
  readonly queries: { readonly total: number; readonly done: number; readonly resumed: number };
  readonly passages: number;
  /** Queries for which nothing was found. */
  readonly withoutCandidates: number;
  readonly firstStage:
    | { readonly bm25: SourceRequest['bm25']; readonly fill: boolean }
    | { readonly run: string };
  readonly k: number;
  /** Queries of whose candidates the passage with their own id is left out. */
  readonly identicalIds: number;
  readonly seconds: { readonly read: number; readonly search: number };
  readonly output: string;
}

/** Searches between looks at the signal. */
const SLICE_MS = 50;

/**
 * Writes the candidates to `output`, which appears under its name only when it is whole. A stopped run
 * leaves a file beside it (named after everything the candidates depend on) from which the next one continues.
 * @throws RankscopeError before any search for what is wrong with the input.
 */
export async function runCandidates(
  request: CandidatesRequest,
  listener: CandidatesListener = {},
): Promise<CandidatesSummary> {
  if ((await stat(request.output).catch(() => undefined))?.isDirectory()) {
    throw new RankscopeError('bad-input', `${request.output} is a folder. Give --output a file name.`);
  }
  const began = performance.now();
  const relevant = request.relevant === undefined ? undefined : await readRelevant(request.relevant);
  const wanted = await namedFor(request, relevant);
  const source = await openSource({ ...request, also: wanted }, listener);
  const { queries } = source;
  const firstStage = firstStageText(request);
  const { k } = request;
  const candidatesOf = (query: Query): readonly Candidate[] => {
    const found = source.search(query);
    return relevant
      ? withRelevant(found, relevant.get(query.id) ?? [], { k, passage: source.passage })
      : found;
  };
  const path = `${request.output}.${await fingerprint(request, source)}.part`;
  let withoutCandidates = 0;
  const lines = await ResumableLines.open(path, {
    whole(line, index) {
      checkLine(path, line, index, source);
      // Within a text the quotation marks would be escaped.
      if (line.includes('"hits":[]')) withoutCandidates++;
    },
    half: () => {}, // the name says that it is ours
  });
  const resumed = lines.count;
  const read = (performance.now() - began) / 1000;
  const searching = performance.now();
  try {
    let slice = performance.now();
    listener.searched?.(resumed, queries.length);
    for (const query of queries.slice(resumed)) {
      if (performance.now() - slice > SLICE_MS) {
        await new Promise((done) => setImmediate(done)); // lets Ctrl-C in
        slice = performance.now();
      }
      if (request.signal?.aborted) break;
      const found = candidatesOf(query);
      if (found.length === 0) withoutCandidates++;
      await lines.append(
        writeRankGptHits([{ query, candidates: found }], { lines: true, firstStage }).trimEnd(),
      );
      listener.searched?.(lines.count, queries.length);
    }
  } finally {
    await lines.close();
  }
  const state = lines.count === queries.length ? 'done' : 'cancelled';
  if (state === 'done') await rename(path, request.output);
  return {
    command: 'candidates',
    state,
    queries: { total: queries.length, done: lines.count, resumed },
    passages: source.passages,
    withoutCandidates,
    firstStage:
      request.run === undefined ? { bm25: request.bm25, fill: request.fill ?? false } : { run: request.run },
    k: request.k,
    identicalIds: source.identicalIds,
    seconds: { read, search: (performance.now() - searching) / 1000 },
    output: request.output,
  };
}

/** The relevant passages of the queries that are asked for. */
async function namedFor(
  request: CandidatesRequest,
  relevant: RelevantIds | undefined,
): Promise<readonly string[]> {
  if (!relevant) return [];
  const { queries } = await readSourceQueries(request);
  return queries.flatMap(({ id }) => relevant.get(id) ?? []);
}

/** In words, what finds the candidates. */
export function firstStageText({
  run,
  bm25,
  fill,
}: Pick<CandidatesRequest, 'run' | 'bm25' | 'fill'>): string {
  if (run !== undefined) return `the run ${basename(run)}`;
  return `${bm25Text(bm25)}${fill ? ', filled up with passages that share no word' : ''}`;
}

/** Names everything that the lines depend on: the files' bytes, the options, and how words are cut (the 2). */
async function fingerprint(
  { k, bm25, fill, limit, skipFaulty, run, relevant }: CandidatesRequest,
  { files, identicalIds }: Source,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([2, k, bm25, fill ?? false, limit ?? null, skipFaulty ?? false, run !== undefined]),
  );
  if (identicalIds > 0) hash.update('identical ids left out');
  const encoding = chosenEncoding();
  if (encoding !== undefined) hash.update(`encoding ${encoding}`);
  if (relevant !== undefined) hash.update('relevant ones put in');
  for (const file of relevant === undefined ? files : [...files, relevant]) {
    hash.update('\0');
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 }))
      hash.update(bytes as Buffer);
  }
  return hash.digest('hex').slice(0, 12);
}

function checkLine(path: string, line: string, index: number, { queries }: Source): void {
  const query = queries[index];
  if (query && line.startsWith(`{"query":${JSON.stringify(query.text)},`) && line.endsWith('}')) return;
  throw badInput(path, index + 1, 'it is damaged. Delete the file and run the command again.');
}
