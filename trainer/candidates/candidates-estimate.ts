/**
 * Measures the first stage on some of the queries, and on the head of a corpus that is large: what the
 * whole takes follows from it, and the lists found can stand in for all others in later stages' probes.
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import { writeQueries } from '../../src/formats/queries.ts';
import type { Query } from '../../src/types.ts';
import { readSourceQueries } from '../input/source.ts';
import { streamText } from '../input/stream-text.ts';
import { bytesText, freeFor, peakMemory, type Resources, refuseWhatCannotFit } from '../node/machine.ts';
import { type CandidatesRequest, runCandidates } from './find-candidates.ts';

/** Queries that are searched for. */
const QUERIES = 48;
/** Larger corpora are measured on their first bytes. */
const WHOLE_UP_TO = 24 * 2 ** 20;
const HEAD = 16 * 2 ** 20;
/** More queries than this take a while whatever the corpus. */
const MANY_QUERIES = 5000;

export interface CandidatesEstimate extends Resources {
  readonly queries: number;
  /** Of all queries over the whole corpus. */
  readonly seconds: number;
  readonly searchesPerSecond: number;
  /** What the machine has. */
  readonly free: Resources;
}

/**
 * What a run of the command takes. Queries and judgments are checked whole, a large corpus by its head.
 * @returns undefined where it takes seconds, unless `always`
 * @throws RankscopeError 'missing' or 'bad-input' with file, line and reason
 */
export async function estimateCandidates(
  request: CandidatesRequest,
  always: boolean,
): Promise<CandidatesEstimate | undefined> {
  const { files, queries } = await readSourceQueries(request);
  const { size } = await stat(files.corpus).catch(() => ({ size: 0 }));
  if (!always && size <= WHOLE_UP_TO && queries.length <= MANY_QUERIES) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'rankscope-candidates-'));
  try {
    const probe = await probeCandidates({ ...request, input: files.corpus }, queries, folder);
    const { seconds, memoryBytes, searchesPerSecond } = probe;
    // What an earlier run left is there already.
    const diskBytes = Math.max(0, probe.diskBytes - (await begunBytes(request.output)));
    const free = await freeFor(request.output);
    return { queries: queries.length, seconds, memoryBytes, diskBytes, searchesPerSecond, free };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes of the largest file that a stopped run left beside the output. */
async function begunBytes(output: string): Promise<number> {
  const names = await readdir(dirname(output)).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${basename(output)}.`) && name.endsWith('.part'));
  const sizes = await Promise.all(own.map(async (name) => (await stat(join(dirname(output), name))).size));
  return Math.max(0, ...sizes);
}

/** @throws RankscopeError 'device' that says what is needed, what there is and what to do */
export function refuseCandidates(
  estimate: CandidatesEstimate,
  { output, run }: Pick<CandidatesRequest, 'output' | 'run'>,
): void {
  const smaller =
    run === undefined ? 'Give a TREC run with --run, so that only its passages are kept, or use' : 'Use';
  refuseWhatCannotFit(
    'This search',
    estimate,
    estimate.free,
    output,
    `${smaller} a machine with more memory.`,
  );
  refuseHeap(estimate.memoryBytes, '--run');
}

/** An index may fit the machine and still be more than Node takes. @param run how a run is given */
export function refuseHeap(memoryBytes: number, run: string): void {
  const heap = getHeapStatistics().heap_size_limit;
  if (memoryBytes <= heap) return;
  throw new RankscopeError(
    'device',
    `The index of the corpus needs about ${bytesText(memoryBytes)}, but Node allows only ${bytesText(heap)}. ` +
      `Start with NODE_OPTIONS=--max-old-space-size=${Math.ceil((1.2 * memoryBytes) / 2 ** 20)}, or give a TREC run as ${run}: then only its passages are kept.`,
  );
}

export interface CandidatesProbe extends Resources {
  /** The file of lists. */
  readonly file: string;
  /** Queries that were searched for. */
  readonly queries: number;
  /** Of all queries over the whole corpus. */
  readonly seconds: number;
  readonly searchesPerSecond: number;
}

/**
 * @param request `input` is the corpus's file; output and queries are not looked at
 * @param all the queries that are to be searched for
 * @param folder for files that the caller removes
 */
export async function probeCandidates(
  request: Omit<CandidatesRequest, 'output' | 'queries' | 'qrels' | 'split' | 'limit'>,
  all: readonly Query[],
  folder: string,
): Promise<CandidatesProbe> {
  const { input: corpus, k, bm25, run, tag, keepIdenticalIds, signal } = request;
  const step = Math.max(1, all.length / QUERIES);
  const some = all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, QUERIES);
  const queries = join(folder, 'probe-queries.jsonl');
  await writeFile(queries, writeQueries(some));
  const size = (await stat(corpus).catch(() => undefined))?.size ?? 0;
  // A run names passages from all over the corpus: it is read whole, and only those are kept.
  const start = run === undefined && size > WHOLE_UP_TO ? await headOf(corpus) : { head: '', bytes: 0 };
  const { head, bytes } = start;
  const isHead = head.length > 0 && bytes < size;
  const input = isHead ? join(folder, `head${extname(corpus.replace(/\.gz$/i, ''))}`) : corpus;
  if (isHead) await writeFile(input, head);
  const share = isHead ? size / bytes : 1;
  const before = peakMemory();
  const file = join(folder, 'probe-candidates.jsonl');
  const { seconds, state } = await runCandidates({
    input,
    queries,
    output: file,
    k,
    bm25,
    run,
    tag,
    keepIdenticalIds,
    signal,
    // A head may end in the middle of a record; the real reading will tell.
    skipFaulty: isHead || request.skipFaulty,
  }).catch((error: unknown) => {
    // What is wrong in the head is wrong in the corpus.
    if (!(error instanceof RankscopeError)) throw error;
    throw new RankscopeError(error.code, error.message.replaceAll(input, corpus), {
      ...error.details,
      file: corpus,
    });
  });
  throwIfCancelled({ aborted: state === 'cancelled' });
  const grown = Math.max(0, peakMemory() - before);
  // A search goes through a corpus as many times longer.
  const search = (share * seconds.search) / some.length;
  return {
    file,
    queries: some.length,
    seconds: share * seconds.read + search * all.length,
    searchesPerSecond: 1 / Math.max(1e-6, search),
    memoryBytes: process.memoryUsage().rss + (share - 1) * grown,
    diskBytes: Math.ceil(((await stat(file)).size * all.length) / some.length),
  };
}

/**
 * The start of a file as text, unpacked, up to the end of a line or, in a JSON array on one line, of an object,
 * and the bytes of the file that it was read from. Empty: there is no such end.
 */
async function headOf(path: string): Promise<{ readonly head: string; readonly bytes: number }> {
  const parts: string[] = [];
  let length = 0;
  let bytes = 0;
  const pieces = streamText(path, (done) => {
    bytes = done;
  });
  for await (const piece of pieces) {
    parts.push(piece);
    length += piece.length;
    if (length >= HEAD) break;
  }
  const all = parts.join('');
  const line = Math.max(all.lastIndexOf('\n'), all.lastIndexOf('\r'));
  return { head: all.slice(0, (line >= 0 ? line : all.lastIndexOf('}')) + 1), bytes };
}
