/** A model's column: waits for its worker, ranks the candidates there, and keeps every answer. */

import type { ScorerInfo } from '../../inference/scorer.ts';
import type { CachedAnswer } from '../../ranking/answer.ts';
import { forecastCalls } from '../../ranking/forecast.ts';
import { readingOf } from '../../ranking/methods/reading.ts';
import { takenChoices, takes } from '../../ranking/methods/registry.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import type { Candidate, Query } from '../../types.ts';
import { abortable } from '../../workers/promises.ts';
import type { RankJob } from '../../workers/scorer-protocol.ts';
import type { ScorerSlot, ScorerWorker } from '../../workers/types.ts';
import { queryKey } from '../grades.ts';
import { adviceFor, type ModelSlots } from '../models/model-slots.ts';
import { patchSlot, useModels } from '../models/models.ts';
import { reloadLost } from '../models/reload-lost.ts';
import { fusionOf, methodOf, templateOf } from '../models/templates.ts';
import { watchRemote } from '../remote/remote.ts';
import type { Settings } from '../settings.ts';
import { callMs, lengthKey, setCallMs, setPromptLength, takesLonger, usePromptLengths } from './estimate.ts';
import { rankInSlot } from './rank-slot.ts';
import type { CandidateSet } from './run.ts';
import type { RunHandle } from './run-handle.ts';

/** Fewer fresh calls than this say little about a model's speed. */
export const ENOUGH_CALLS = 5;

export interface ModelRunDeps {
  readonly slots: ModelSlots;
  readonly answers: AnswerCache;
  readonly now: () => number;
  readonly cancelMs: number;
}

/** Answers are kept by model and query: what one run needs lies together. */
export const scopeOf = ({ digest }: ScorerInfo, query: Pick<Query, 'text'>): string =>
  `${digest}|${queryKey(query.text)}`;

/** Has the known answers read from storage before the model's turn comes. */
export async function warmAnswers(slot: ScorerSlot, { query }: RunHandle, deps: ModelRunDeps): Promise<void> {
  try {
    const { ready } = await deps.slots.ready(slot);
    await deps.answers.known(scopeOf(ready.info, query));
  } catch {
    // The run itself will meet the same fault and tell it.
  }
}

/** Runs to a settled column; never rejects. A `fresh` run asks everything, whatever is known. */
export async function runModel(
  run: RunHandle,
  slot: ScorerSlot,
  { candidates }: CandidateSet,
  { slots, answers, now, cancelMs }: ModelRunDeps,
  fresh = false,
): Promise<void> {
  run.update(slot, () => ({ phase: 'loading' }));
  const { query } = run;
  /** Of this run: after a reload they are known, though all is asked anew. */
  const given: CachedAnswer[] = [];
  let counted = async (): Promise<void> => {};
  for (let reloads = 0; ; reloads++) {
    let worker: ScorerWorker | undefined;
    try {
      const loaded = await abortable(slots.ready(slot), run.signal);
      worker = loaded.worker;
      const { info, card } = loaded.ready;
      const scope = scopeOf(info, query);
      const known = fresh ? new Map() : await abortable(answers.lookup(scope), run.signal);
      const { settings } = run.inputs;
      const job = jobOf(slot, settings, templateOf(slot, settings, card), query, candidates);
      const { toAsk, upperBound } = forecastCalls(job, info, (key) => known.get(key));
      const models = useModels.getState();
      const expected = {
        toAsk,
        upperBound,
        callMs: callMs(slot, run.inputs, models, usePromptLengths.getState()),
      };
      // What was there before this part of a run that is resumed.
      const before = run.modelRun(slot)?.ms ?? 0;
      if (reloads > 0) run.record(slot, [{ type: 'resumed', at: before }]);
      const startedAt = now() - before;
      run.update(slot, () => ({ phase: 'scoring', startedAt, expected }));
      run.describe(slot, { info, template: job.template, method: job.method });
      counted = watchRemote(models.slots[slot].model?.id, worker);
      await rankInSlot(
        worker,
        { ...job, known: fresh ? given : [...known.values()] },
        (events, answered) => {
          given.push(...answered);
          void answers.add(scope, answered);
          run.record(
            slot,
            events.map((event) => ({ ...event, at: before + event.at })),
          );
        },
        run.signal,
        cancelMs,
      );
      run.settle(slot, { state: 'done' });
    } catch (error) {
      // Another checkpoint took the slot while this one was ranking: nobody's fault, and it can be resumed.
      const taken = worker !== undefined && slots.holder(slot) !== worker;
      if (taken) run.settle(slot, { state: 'cancelled' });
      else if (!run.signal.aborted && reloadLost(slots, slot, error, reloads)) {
        run.update(slot, () => ({ phase: 'loading', startedAt: null }));
        continue;
      } else {
        if (worker && !worker.alive) slots.restart(slot);
        run.fail(slot, error, adviceFor);
      }
    }
    break;
  }
  void answers.flush();
  await counted();
}

/** One ranking as a worker is asked for it, under the settings of a column. */
export function jobOf(
  slot: ScorerSlot,
  settings: Settings,
  template: RankJob['template'],
  query: Query,
  candidates: readonly Candidate[],
): RankJob {
  const method = readingOf(methodOf(slot, settings), template);
  return {
    method,
    template,
    query,
    candidates,
    ...takenChoices(method, settings),
    fusion: fusionOf(slot, settings),
    trueProbabilities: takes(method, 'trueProbabilities') ? settings.trueProbabilities : undefined,
  };
}

/** After a run, a cancelled one too: what it says about the model's speed and the length of its prompts. */
export function learn(slot: ScorerSlot, run: RunHandle): void {
  const {
    asked = 0,
    cached = 0,
    tokens = 0,
    ms = 0,
    earlierMs = 0,
    raced = false,
  } = run.modelRun(slot) ?? {};
  const { settings, corpus, query } = run.inputs;
  const models = useModels.getState();
  const key = lengthKey(slot, settings, models, corpus.fingerprint, query.text);
  if (takesLonger(slot, settings)) {
    const ms = run.modelRun(slot)?.callMs ?? 0;
    if (asked > 0 && cached === 0) setCallMs(`${key}|${models.slots[slot].ready?.info.digest}`, ms / asked);
    return;
  }
  if (asked < ENOUGH_CALLS) return;
  setPromptLength(key, tokens / asked);
  const seconds = (ms - earlierMs) / 1000;
  if (!raced && seconds > 0) patchSlot(slot, { tokensPerSecond: tokens / seconds });
}
