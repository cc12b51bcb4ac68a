/**
 * Labelling through a queue: two workers of one thread each against one, in calls a second, and one worker against the command
 * `label` alone with one thread. Timed is the output as it grows, from its first tenth to its end, so that loading and starting are
 * left out; the three ways take turns, each on the same lists. Every output must be the same bytes.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { writeRankGptHits } from '../src/formats/hits.ts';
import { startTrainer } from '../trainer/testing/command-line.ts';
import { hasRedis, startRedis } from '../trainer/testing/redis-server.ts';
import { realLists, WORK } from './label-job.ts';
import { median, ratios, roundsWithin, spread } from './statistics.ts';

const QUERIES = 60;
/** All pairs of so many: jobs are short, and many. */
const DEPTH = 6;
const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const FOLDER = join(WORK, 'workers');

export async function benchWorkers(rounds: number) {
  if (!hasRedis) return { skipped: 'there is no redis-server' };
  if (cpus().length < 2) return { skipped: 'two workers need two cores' };
  if (!existsSync(new URL('../../shared/data/', import.meta.url))) {
    return { skipped: 'there is no ../shared/data with real queries' };
  }
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const input = join(FOLDER, 'in.jsonl');
  writeFileSync(input, writeRankGptHits((await realLists(QUERIES)).slice(0, QUERIES), { lines: true }));
  const redis = await startRedis();
  const outputs: string[] = [];
  /** Lines a second; no workers: labelled by the command itself. */
  const measure = async (workers: number, round: number): Promise<number> => {
    const output = join(FOLDER, `${workers}-${round}.jsonl`);
    outputs.push(output);
    const queue = ['--queue', redis.url];
    const helpers = Array.from({ length: workers }, () =>
      startTrainer(['worker', ...queue, '--checkpoint', TEACHER, '--threads', '1', '--once']),
    );
    const how = workers > 0 ? [...queue, '--job-queries', '2'] : ['--threads', '1'];
    const what = ['--checkpoint', TEACHER, '--input', input, '--k', String(DEPTH), '--output', output];
    const run = startTrainer(['label', ...what, ...how]);
    const speed = await growth(output, run.finished);
    const { code, stderr } = await run.finished;
    await Promise.all(helpers.map(({ finished }) => finished));
    if (code !== 0) throw new Error(`label with ${workers} workers ended with ${code}: ${stderr}`);
    return speed;
  };
  const speeds: [number[], number[], number[]] = [[], [], []];
  try {
    for (const round of roundsWithin(rounds, 300)) {
      for (const workers of [0, 1, 2]) speeds[workers]!.push(await measure(workers, round));
    }
  } finally {
    redis.stop();
  }
  const first = readFileSync(outputs[0]!);
  if (!outputs.every((path) => readFileSync(path).equals(first))) throw new Error('the outputs differ');
  const [alone, one, two] = speeds;
  const calls = DEPTH * (DEPTH - 1);
  return {
    'two workers / one': spread(ratios(two, one)),
    'one worker / label alone': spread(ratios(one, alone)),
    'calls/s of one worker': calls * median(one),
    'calls/s of two': calls * median(two),
    rounds: speeds,
  };
}

/** Lines a second between a tenth of them and the last. */
async function growth(path: string, finished: Promise<unknown>): Promise<number> {
  const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);
  let over = false;
  void finished.then(() => {
    over = true;
  });
  let from: { readonly lines: number; readonly at: number } | undefined;
  for (;;) {
    const count = lines();
    if (!from && count >= QUERIES / 10) from = { lines: count, at: performance.now() };
    if (from && count >= QUERIES) return (1000 * (count - from.lines)) / (performance.now() - from.at);
    if (over && count < QUERIES) throw new Error(`it ended with ${count} of ${QUERIES} lines`);
    await new Promise((go) => setTimeout(go, 20));
  }
}
