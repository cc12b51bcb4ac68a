/**
 * One model behind many requests: what several callers ask at the same time goes into the same runs. Callers take turns,
 * a few prompts each, so that a long list does not keep short ones waiting.
 */
import { throwIfCancelled } from '../../../src/errors.ts';
import { logitsOf } from '../../../src/inference/loaded-model.ts';
import { can, type RankerModel } from '../../../src/inference/ranker-model.ts';
import type { Prompt, ScoredBatch, ScoreOptions } from '../../../src/inference/scorer.ts';

/** Prompts of a run at most: how long a new request waits for one that is being answered. */
const RUN = 32;

interface Caller {
  readonly prompts: readonly Prompt[];
  readonly options: ScoreOptions;
  /** Callers with the same one may share a run. */
  readonly sort: string;
  /** Prompts that are in a run or were. */
  begun: number;
  answered: number;
  readonly ready: ScoredBatch[];
  error?: unknown;
  /** Set while the caller waits. */
  wake?: () => void;
}

export type SharedScorer<M extends RankerModel> = Pick<M, keyof M & ('info' | 'score' | 'relevance')> & {
  /** Prompts that wait for a run. */
  waiting(): number;
};

/**
 * @param told after each run: its prompts, and of how many callers they were
 * @returns a model with the call of `scorer` that gives logits, and the same answers; an aborted caller leaves the others
 *   alone
 */
export function sharedScorer<M extends RankerModel>(
  scorer: M,
  told: (prompts: number, callers: number) => void = () => {},
): SharedScorer<M> {
  const callers: Caller[] = [];
  let running = false;

  async function runAll(): Promise<void> {
    if (running) return;
    running = true;
    // Requests that came at the same time have then all asked.
    await new Promise(setImmediate);
    for (let picked = pick(callers); picked.length > 0; picked = pick(callers)) {
      const began = new Set(picked.map(({ caller }) => caller));
      try {
        await run(scorer, picked);
        told(picked.length, began.size);
      } catch (error) {
        for (const caller of began) {
          caller.error = error;
          caller.wake?.();
        }
      }
      await new Promise(setImmediate);
    }
    running = false;
  }

  async function* score(prompts: readonly Prompt[], options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    const [first] = prompts;
    if (!first) return;
    const { signal, ...rest } = options;
    throwIfCancelled(signal);
    const sort = JSON.stringify([first.labels, first.decoderPrefix, rest]);
    const caller: Caller = { prompts, options: rest, sort, begun: 0, answered: 0, ready: [] };
    const leave = () => caller.wake?.();
    signal?.addEventListener('abort', leave);
    callers.push(caller);
    try {
      void runAll();
      while (caller.answered < prompts.length || caller.ready.length > 0) {
        throwIfCancelled(signal);
        if (caller.error !== undefined) throw caller.error;
        const batch = caller.ready.shift();
        if (batch) yield batch;
        else {
          await new Promise<void>((resolve) => {
            caller.wake = resolve;
          });
          caller.wake = undefined;
        }
      }
    } finally {
      signal?.removeEventListener('abort', leave);
      callers.splice(callers.indexOf(caller), 1);
    }
  }

  const waiting = () => callers.reduce((sum, { prompts, begun }) => sum + prompts.length - begun, 0);
  const call = can(scorer, 'logits') ? { score } : { relevance: score };
  return { info: scorer.info, ...call, waiting } as unknown as SharedScorer<M>;
}

interface Picked {
  readonly caller: Caller;
  /** In the caller's prompts. */
  readonly index: number;
}

/** The next run: in turn from every caller that may share it with the one that has waited longest. */
function pick(callers: Caller[]): Picked[] {
  const hungry = callers.filter(({ error, begun, prompts }) => error === undefined && begun < prompts.length);
  const [longest] = hungry;
  if (!longest) return [];
  // Whoever is first in this run is last in the next.
  callers.splice(callers.indexOf(longest), 1);
  callers.push(longest);
  const sharing = hungry.filter(({ sort }) => sort === longest.sort);
  const picked: Picked[] = [];
  for (let left = true; left && picked.length < RUN; ) {
    left = false;
    for (const caller of sharing) {
      if (picked.length === RUN || caller.begun === caller.prompts.length) continue;
      picked.push({ caller, index: caller.begun++ });
      left = true;
    }
  }
  return picked;
}

async function run(scorer: RankerModel, picked: readonly Picked[]): Promise<void> {
  const prompts = picked.map(({ caller, index }) => caller.prompts[index]!);
  for await (const batch of logitsOf(scorer, prompts, picked[0]!.caller.options)) {
    const rows = new Map<Caller, number[]>();
    for (const [row, index] of batch.indices.entries()) {
      const { caller } = picked[index]!;
      rows.set(caller, [...(rows.get(caller) ?? []), row]);
    }
    for (const [caller, own] of rows) {
      caller.ready.push(partOf(batch, own, (row) => picked[batch.indices[row]!]!.index));
      caller.answered += own.length;
      caller.wake?.();
    }
  }
}

/** Some rows of a batch, with the indices that they have for their caller and their share of its time. */
function partOf(batch: ScoredBatch, rows: readonly number[], indexOf: (row: number) => number): ScoredBatch {
  const { indices, logits, tokens, logSumExp, truncations } = batch;
  const labels = logits.length / indices.length;
  const cuts = new Map(truncations);
  return {
    indices: Int32Array.from(rows, indexOf),
    logits: Float32Array.from(rows.flatMap((row) => [...logits.subarray(row * labels, (row + 1) * labels)])),
    logSumExp: logSumExp && Float32Array.from(rows, (row) => logSumExp[row]!),
    tokens: Int32Array.from(rows, (row) => tokens[row]!),
    ms: (batch.ms * rows.length) / indices.length,
    truncations: rows.flatMap((row, own) => {
      const cut = cuts.get(row);
      return cut ? [[own, cut] as const] : [];
    }),
  };
}
