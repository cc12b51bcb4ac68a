/**
 * The command `label` in sequences a second against a bare loop of session.run over the very tensors
 * that it fed, for each dtype; and how far the dtypes agree with fp32.
 *
 * Timed is `runLabel` whole: reading the candidates, prompts, tokens, batches, model, decisions, JSON
 * lines on disk, audit. Loading the model and the probe before long work are left out. Every round has
 * queries that no earlier one had, so that nothing is remembered that would not be.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { kendallTau } from '../src/evaluation/correlation.ts';
import { type CandidateList, writeRankGptHits } from '../src/formats/hits.ts';
import type { Dtype } from '../src/inference/scorer.ts';
import { runLabel } from '../trainer/label/run-label.ts';
import type { LabelSource } from '../trainer/label/source.ts';
import { planTeacher, teacherSource } from '../trainer/label/teacher.ts';
import { DEPTH, realLists, teacherInEveryDtype, WORK } from './label-job.ts';
import { forgetPeak, peakMegabytes } from './memory.ts';
import { median, ratios, roundsWithin, spread, timedCpu } from './statistics.ts';

const THREADS = 2;
const DTYPES: readonly Dtype[] = ['fp32', 'int8', 'q8'];
const QUERIES_A_ROUND = 12;
/** Share of decisions as fp32's from which a dtype's labels count as fp32's. */
const AGREES = 0.99;
const FOLDER = join(WORK, 'labels');

type Feeds = Parameters<ort.InferenceSession['run']>[0];
type Line = { order: number[]; decisions: [number, number, number, number, number][] };

export async function benchLabelling(rounds: number) {
  if (!existsSync(new URL('../../shared/data/', import.meta.url))) {
    return { skipped: 'there is no ../shared/data with real queries' };
  }
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const checkpoint = await teacherInEveryDtype();
  const lists = await realLists(QUERIES_A_ROUND * (rounds + 1));
  const files = Array.from({ length: rounds + 1 }, (_, round) => writeLists(lists, round));
  const peaks: Partial<Record<Dtype, number>> = {};
  for (const dtype of DTYPES) peaks[dtype] = await peakOf(checkpoint, dtype, files[0]!);
  const labellers = [];
  for (const dtype of DTYPES) labellers.push(await openLabeller(checkpoint, dtype, files[0]!));
  forgetPeak();
  for (const labeller of labellers) await labeller.round(files[0]!, 'warm');
  let done = 0;
  for (const round of roundsWithin(rounds, 100)) {
    for (const labeller of labellers) await labeller.round(files[round + 1]!, String(round + 1), true);
    done++;
  }
  const peak = peakMegabytes();
  const lines = (dtype: Dtype) =>
    Array.from({ length: done }, (_, i) => readLines(outputOf(dtype, String(i + 1)))).flat();
  const reference = lines('fp32');
  const results: Record<
    string,
    ReturnType<typeof agreement> & { sequencesPerSecond: number; peakMegabytes: number | undefined }
  > = {};
  for (const labeller of labellers) {
    results[labeller.dtype] = {
      ...labeller.report(),
      ...agreement(lines(labeller.dtype), reference),
      peakMegabytes: peaks[labeller.dtype],
    };
    await labeller.dispose();
  }
  const calls = QUERIES_A_ROUND * DEPTH * (DEPTH - 1);
  const agreeing = DTYPES.filter((dtype) => results[dtype]!.decisionsAsFp32 >= AGREES);
  const fastest = agreeing.sort((a, b) => results[b]!.sequencesPerSecond - results[a]!.sequencesPerSecond)[0];
  // What `label` takes unless asked, and the fastest that decides 99 % of pairs as fp32 does.
  const chosen = { labelTakes: (await planTeacher(checkpoint)).dtype, fastestAgreeing: fastest };
  return { threads: THREADS, callsARound: calls, ...chosen, ...results, peakMegabytesAllThree: peak };
}

/** The most memory of this process while the command labels alone, its model's loading included. */
async function peakOf(checkpoint: string, dtype: Dtype, input: string): Promise<number> {
  forgetPeak();
  const source = () => teacherSource({ checkpoint, input, schedule: 'all-pairs', dtype, threads: THREADS });
  await runLabel({ input, source, output: outputOf(dtype, 'alone') });
  return peakMegabytes();
}

const outputOf = (dtype: Dtype, round: string) => join(FOLDER, `${dtype}-${round}.jsonl`);

function writeLists(lists: readonly CandidateList[], round: number): string {
  const path = join(FOLDER, `candidates-${round}.jsonl`);
  const own = lists.slice(round * QUERIES_A_ROUND, (round + 1) * QUERIES_A_ROUND);
  writeFileSync(path, writeRankGptHits(own, { lines: true }));
  return path;
}

/** The source that the command uses, opened once; its model's feeds are recorded and run again, bare. */
async function openLabeller(checkpoint: string, dtype: Dtype, input: string) {
  const source = await teacherSource({ checkpoint, input, schedule: 'all-pairs', dtype, threads: THREADS });
  const { session, recorded } = await recording(() => source.open());
  const kept: LabelSource = {
    ...source,
    open: async () => {},
    measure: async () => undefined,
    dispose: async () => {},
  };
  type Times = Awaited<ReturnType<typeof timedCpu>>;
  const label: Times[] = [];
  const bare: Times[] = [];
  return {
    dtype,
    async round(file: string, name: string, counts = false) {
      recorded.length = 0;
      const output = outputOf(dtype, name);
      const whole = await timedCpu(() => runLabel({ input: file, output, source: async () => kept }));
      const feeds = recorded.splice(0);
      const loop = await timedCpu(async () => {
        for (const one of feeds) await session().run(one);
      });
      recorded.length = 0;
      if (!counts) return;
      label.push(whole);
      bare.push(loop);
    },
    report() {
      const calls = QUERIES_A_ROUND * DEPTH * (DEPTH - 1);
      const wall = (times: readonly Times[]) => times.map(({ ms }) => ms);
      const ratio = ratios(wall(bare), wall(label));
      // The model's work is spread over the threads, what labelling adds to it is not.
      const quiet = label.map(({ cpu }, i) => {
        const model = bare[i]!.cpu / THREADS;
        return model / (model + cpu - bare[i]!.cpu);
      });
      return {
        sequencesPerSecond: (1000 * calls) / median(wall(label)),
        bareSequencesPerSecond: (1000 * calls) / median(wall(bare)),
        /** 1 = labelling adds nothing to the bare loop. Floor 0.95. */
        ratio: median(ratio),
        ratioSpread: spread(ratio),
        /** The same from processor time, which other programs on the machine disturb less. */
        ratioByProcessorTime: median(quiet),
        ratioByProcessorTimeSpread: spread(quiet),
        rounds: { label, bare },
      };
    },
    dispose: () => source.dispose(),
  };
}

/** Opens a session while listening: from then on everything that is fed to it is remembered. */
async function recording(open: () => Promise<void>) {
  const recorded: Feeds[] = [];
  let opened: ort.InferenceSession | undefined;
  const create = ort.InferenceSession.create;
  const listening = async (...args: unknown[]) => {
    const session = await (create as (...args: unknown[]) => Promise<ort.InferenceSession>).apply(
      ort.InferenceSession,
      args,
    );
    const run = session.run.bind(session) as (feeds: Feeds) => ReturnType<ort.InferenceSession['run']>;
    session.run = (feeds: Feeds) => {
      recorded.push(feeds);
      return run(feeds);
    };
    opened = session;
    return session;
  };
  Object.assign(ort.InferenceSession, { create: listening });
  await open();
  Object.assign(ort.InferenceSession, { create });
  return { recorded, session: () => opened! };
}

const readLines = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Share of decisions with the same winner, and the mean Kendall tau of the final rankings. */
function agreement(found: readonly Line[], reference: readonly Line[]) {
  let same = 0;
  let all = 0;
  const taus: number[] = [];
  for (const [i, { order, decisions }] of found.entries()) {
    const wanted = reference[i]!;
    taus.push(kendallTau(order.map(String), wanted.order.map(String))!);
    for (const [d, [, , a, b]] of decisions.entries()) {
      const [, , wantedA, wantedB] = wanted.decisions[d]!;
      all++;
      if (Math.sign(a - b) === Math.sign(wantedA - wantedB)) same++;
    }
  }
  return {
    queries: found.length,
    decisionsAsFp32: same / all,
    kendallTauToFp32: taus.reduce((sum, tau) => sum + tau, 0) / taus.length,
    lowestTau: Math.min(...taus),
  };
}
