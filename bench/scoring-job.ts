/**
 * The job that the scoring benches time, the same in Node and in the browser: PRP over all pairs of
 * a sample's BM25 order, through the method and the scorer that the app uses, against a bare loop of
 * session.run over the very tensors that this produced.
 */
import type { FolderReader } from '../src/bytes/byte-source.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { Runtime, RuntimeTensor } from '../src/inference/runtime.ts';
import type { Dtype } from '../src/inference/scorer.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { defaultTemplate } from '../src/ranking/templates.ts';
import type { Candidate, Query } from '../src/types.ts';
import { median } from './statistics.ts';

export interface Job {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
}

/** One run of a session: its feeds. */
export type Feeds = Record<string, RuntimeTensor>;

export interface Prepared {
  /** All pairs through method, tokeniser, batching and scorer; returns milliseconds. */
  readonly app: () => Promise<number>;
  /** session.run over the same tensors, nothing else; returns milliseconds. */
  readonly bare: () => Promise<number>;
  readonly calls: number;
  /** Share of the tokens fed that are padding. */
  readonly padding: number;
  readonly dtype: Dtype;
}

/** Opens the checkpoint, runs the job once while recording the feeds, and returns both loops. */
export async function prepareScoring(
  source: FolderReader,
  runtime: Runtime,
  job: Job,
  dtype?: Dtype,
): Promise<Prepared> {
  const recorded: Feeds[] = [];
  let record = true;
  let run: (feeds: Feeds) => Promise<Record<string, RuntimeTensor>> = async () => ({});
  const recording: Runtime = {
    ...runtime,
    async createSession(model, options) {
      const session = await runtime.createSession(model, options);
      run = (feeds) => session.run(feeds);
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        release: () => session.release(),
        run: (feeds) => {
          if (record) recorded.push(feeds);
          return session.run(feeds);
        },
      };
    },
  };
  const { scorer, card } = await openCheckpoint(source, recording, { dtype });
  // What opening asks is not part of the job.
  recorded.length = 0;
  const template = defaultTemplate('prp-allpair', card.templates);
  const app = async () => {
    const began = performance.now();
    for await (const _event of createMethod('prp-allpair', { template }).rank(
      job.query,
      job.candidates,
      scorer,
    )) {
      // The events are what the screen reads; producing them is part of the work.
    }
    return performance.now() - began;
  };
  await app();
  record = false;
  const bare = async () => {
    const began = performance.now();
    for (const feeds of recorded) await run(feeds);
    return performance.now() - began;
  };
  const n = job.candidates.length;
  return { app, bare, calls: n * (n - 1), padding: paddingShare(recorded), dtype: scorer.info.dtype };
}

function paddingShare(recorded: readonly Feeds[]): number {
  let cells = 0;
  let tokens = 0;
  for (const { attention_mask: mask } of recorded) {
    const data = mask!.data as Int32Array;
    cells += data.length;
    for (const value of data) tokens += value;
  }
  return 1 - tokens / cells;
}

/** Both loops in turn, so that noise of the machine hits both alike. */
export async function alternate(
  rounds: number,
  prepared: Prepared,
): Promise<{ app: number[]; bare: number[] }> {
  await prepared.bare();
  await prepared.app();
  const app: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await prepared.bare());
    app.push(await prepared.app());
  }
  return { app, bare };
}

/** What both benches report. */
export function report(
  { app, bare }: { app: number[]; bare: number[] },
  { calls, padding, dtype }: Prepared,
) {
  return {
    dtype,
    calls,
    rounds: app.length,
    scoresPerSecondApp: (1000 * calls) / median(app),
    scoresPerSecondBare: (1000 * calls) / median(bare),
    /** 1 = the app adds nothing to the bare loop. Median of the per-round ratios. */
    ratio: median(app.map((ms, i) => bare[i]! / ms)),
    padding,
  };
}
