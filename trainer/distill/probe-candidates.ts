/**
 * Measures the first stage on some of the queries, and on the head of a corpus that is large: what the
 * whole takes follows from it, and the lists found stand in for all others in the other stages' probes.
 */
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { writeQueries } from '../../src/formats/queries.ts';
import { runCandidates } from '../candidates/run.ts';
import type { StageContext } from './stage.ts';

/** Queries that are searched for. */
const QUERIES = 48;
/** Larger corpora are measured on their first bytes. */
const WHOLE_UP_TO = 24 * 2 ** 20;
const HEAD = 16 * 2 ** 20;

export interface CandidatesProbe {
  /** The file of lists. */
  readonly file: string;
  readonly queries: number;
  /** Of all queries over the whole corpus. */
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** @param folder for files that the caller removes */
export async function probeCandidates(
  { recipe: { data }, prepared, signal }: Pick<StageContext, 'recipe' | 'prepared' | 'signal'>,
  folder: string,
): Promise<CandidatesProbe> {
  const { training, files } = prepared.queries;
  const step = Math.max(1, training.length / QUERIES);
  const some = training
    .filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
    .slice(0, QUERIES);
  const queries = join(folder, 'probe-queries.jsonl');
  await writeFile(queries, writeQueries(some));
  const corpus = files.corpus!;
  const size = (await stat(corpus)).size;
  // A run names passages from all over the corpus: it is read whole, and only those are kept.
  const isHead = data.run === undefined && size > WHOLE_UP_TO;
  const input = isHead ? join(folder, `head${extname(corpus)}`) : corpus;
  if (isHead) await writeFile(input, await headOf(corpus));
  const share = isHead ? size / (await stat(input)).size : 1;
  const before = process.resourceUsage().maxRSS;
  const file = join(folder, 'probe-candidates.jsonl');
  const { seconds } = await runCandidates({
    ...{ input, queries, output: file, k: data.k, bm25: data.bm25, run: data.run, signal },
    // A head may end in the middle of a record; the real reading will tell.
    skipFaulty: isHead || data.skipFaulty,
  });
  const { rss } = process.memoryUsage();
  const grown = 1024 * Math.max(0, process.resourceUsage().maxRSS - before);
  const all = training.length / some.length;
  return {
    file,
    queries: some.length,
    seconds: share * (seconds.read + seconds.search * all),
    memoryBytes: rss + (share - 1) * grown,
    diskBytes: Math.ceil((await stat(file)).size * all),
  };
}

/** The first bytes of a file, up to the end of a line. */
async function headOf(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const bytes of createReadStream(path, { end: HEAD - 1 })) parts.push(bytes as Buffer);
  const all = Buffer.concat(parts);
  return all.subarray(0, all.lastIndexOf(10) + 1);
}
