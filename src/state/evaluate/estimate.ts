/** What an evaluation will take, before it has begun: calls at most, and seconds from measured figures only. */

import { readsOnce } from '../../inference/ranker-model.ts';
import { methodNamed, takenChoices } from '../../ranking/methods/registry.ts';
import { plannedCalls } from '../../ranking/planned-calls.ts';
import { defaultTemplate } from '../../ranking/templates.ts';
import { wordingHash } from '../../ranking/wording-hash.ts';
import type { Passage } from '../../types.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import type { ModelSlots } from '../models/model-slots.ts';
import { useModels } from '../models/models.ts';
import { meanPromptTokens } from '../run/prompt-lengths.ts';
import { type Collections, useCollection } from './collection.ts';
import {
  type ModelRowSpec,
  poolOf,
  type Recipe,
  rankedRows,
  rowCalls,
  rowId,
  wordingNamed,
} from './recipe.ts';
import { type CallTokens, type Left, remoteAsks } from './remote-estimate.ts';
import { type EvaluateState, useEvaluate } from './store.ts';

const WAIT_MS = 300;
/** Candidates of the first query whose lengths are counted. */
const COUNTED = 12;

export interface EvaluateEstimates {
  /** Of now, worked out at once. */
  now(): Promise<EvaluateState['estimate']>;
  stop(): void;
}

/** Keeps `estimate` in step with data, recipe and models. */
export function watchEvaluateEstimate(slots: ModelSlots, collections: Collections): EvaluateEstimates {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  const counted: Counted = { lengths: new Map(), calls: new Map() };
  const now = async (): Promise<EvaluateState['estimate']> => {
    const own = ++turn;
    const estimate = await estimated(slots, collections, counted);
    if (own === turn && useEvaluate.getState().state !== 'running') useEvaluate.setState({ estimate });
    return estimate;
  };
  const soon = (): void => {
    clearTimeout(timer);
    // Whatever it would be, it is not shown: each ranking tells anew how fast its model is.
    if (useEvaluate.getState().state === 'running') return;
    timer = setTimeout(() => void now(), WAIT_MS);
  };
  const stops = [
    useCollection.subscribe(soon),
    useModels.subscribe(soon),
    useEvaluate.subscribe((now, before) => {
      if (now.recipe !== before.recipe || now.state !== before.state || now.results !== before.results)
        soon();
    }),
  ];
  return {
    now,
    stop() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}

/** Tokens that were counted before: of prompts by the model that is loaded, of a service's calls by their texts. */
interface Counted {
  readonly lengths: Map<string, number>;
  readonly calls: CallTokens;
}

async function estimated(
  slots: ModelSlots,
  collections: Collections,
  counted: Counted,
): Promise<EvaluateState['estimate']> {
  const { recipe, results } = useEvaluate.getState();
  const { summary } = useCollection.getState();
  if (!recipe || !summary || summary.kind === 'runs') return null;
  const most = Math.min(
    recipe.depth + (poolOf(recipe)?.popular ?? 0),
    summary.mostCandidates ?? Math.max(summary.passages, 1),
  );
  let [calls, seconds]: [number, number | null] = [0, 0];
  // Which queries are left out is known once their candidates are found.
  let upperBound = recipe.pool?.answerable === true && results.foundCount < results.found.length;
  const rows = rankedRows(recipe.rows);
  const left = new Map<string, Left>();
  const allFound = results.foundCount === results.found.length;
  for (const row of rows) {
    const { ranked = [] } = results.rows.get(rowId(row)) ?? {};
    let open = 0;
    for (const [place, found] of results.found.entries()) {
      if (!ranked[place]) open += rowCalls(row, found?.ids.length ?? most);
    }
    if (open === 0) continue;
    calls += open;
    const atMost = plannedCalls(row.method, most, takenChoices(row.method, row)).upperBound;
    left.set(rowId(row), { calls: open, upperBound: atMost || !allFound });
    upperBound ||= atMost;
    const each =
      secondsSoFar(ranked) ??
      (await secondsOfCall(row, recipe, slots, collections, counted.lengths).catch(() => null));
    seconds = seconds === null || each === null ? null : seconds + open * each;
  }
  const remote = await remoteAsks(rows, left, recipe, collections, counted.calls);
  return { calls, seconds, upperBound, remote };
}

/** Of the rankings that are done. */
function secondsSoFar(
  ranked: readonly ({ readonly seconds: number; readonly calls: number } | undefined)[],
): number | null {
  let [seconds, calls] = [0, 0];
  for (const one of ranked) {
    seconds += one?.seconds ?? 0;
    calls += one?.calls ?? 0;
  }
  return calls === 0 ? null : seconds / calls;
}

/** By the speed of a checkpoint that is loaded, and the length of its prompts over the first query's candidates. */
async function secondsOfCall(
  row: ModelRowSpec,
  { depth, firstStage }: Recipe,
  slots: ModelSlots,
  collections: Collections,
  lengths: Map<string, number>,
): Promise<number | null> {
  // Texts that are written take as long as they become.
  const { needs } = methodNamed(row.method);
  if (!readsOnce(needs) && needs !== 'likelihood') return null;
  const models = useModels.getState().slots;
  const slot = (['student', 'teacher'] as const).find((one): one is ScorerSlot => {
    const { model, status, tokensPerSecond } = models[one];
    return model?.id === row.checkpoint && status === 'ready' && tokensPerSecond !== null;
  });
  const query = useCollection.getState().summary?.queries[0];
  if (!slot || !query) return null;
  const { worker, ready } = await slots.ready(slot);
  const template = wordingNamed(row.template) ?? defaultTemplate(row.method, ready.card.templates);
  const key = [
    wordingHash(template),
    ready.info.digest,
    useCollection.getState().summary?.fingerprint,
    query.id,
  ].join();
  let tokens = lengths.get(key);
  if (tokens === undefined) {
    if (!worker.countTokens) return null;
    const count = Math.min(depth, COUNTED);
    const { candidates } = await collections.worker.candidates(query.id, count, firstStage ?? undefined);
    const passages: readonly Passage[] = candidates.map(({ passage }) => passage);
    if (passages.length === 0) return null;
    tokens = await meanPromptTokens(
      template,
      ready.card.limits,
      passages,
      query.text,
      worker.countTokens.bind(worker),
    );
    lengths.set(key, tokens);
  }
  return tokens / models[slot].tokensPerSecond!;
}
