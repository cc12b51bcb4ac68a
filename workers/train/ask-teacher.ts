/** The teacher's part: what it decides about each question's passages, and what a call of it takes here. */
import type { RankerModel } from '../../src/inference/ranker-model.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../../src/ranking/methods/prp-allpair/method.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import { relevanceGeneration } from '../../src/ranking/methods/rg/method.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import type { CallCost, TaughtDecision } from '../../src/workers/train-protocol.ts';
import { mean, ndcgOf, type StudyList } from './study-lists.ts';

export interface Asked {
  /** Best first, places of the list. */
  readonly order: readonly number[];
  readonly decisions: readonly TaughtDecision[];
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Calls of this list so far, and their seconds. */
  readonly onCalls?: (cost: CallCost) => void;
}

/** Ranks one list. @throws RankscopeError 'cancelled' */
async function ask(
  id: MethodId,
  template: PromptTemplate,
  { query, candidates }: StudyList,
  model: RankerModel,
  { signal, onCalls }: AskOptions,
): Promise<Asked & { readonly cost: CallCost }> {
  let order: readonly number[] = candidates.map((_, i) => i);
  const decisions: TaughtDecision[] = [];
  let cost: CallCost = { calls: 0, seconds: 0 };
  for await (const event of createMethod(id, { template }).rank(query, candidates, model, { signal })) {
    if (event.type === 'ranking') order = event.order;
    if (event.type === 'decided') {
      for (const { a, b, logitA, logitB, preference } of event.items) {
        decisions.push({ a, b, logitA, logitB, preference });
      }
      onCalls?.({ calls: decisions.length, seconds: event.at / 1000 });
    }
    if (event.type === 'done') cost = { calls: event.totals.asked, seconds: event.totals.seconds };
  }
  return { order, decisions, cost };
}

/** Asks about every pair of every list, both orders. */
export async function askPairs(
  lists: readonly StudyList[],
  template: PromptTemplate,
  model: RankerModel,
  { signal, onCalls }: AskOptions,
): Promise<{ readonly asked: readonly Asked[]; readonly cost: CallCost }> {
  const asked: Asked[] = [];
  let cost: CallCost = { calls: 0, seconds: 0 };
  for (const list of lists) {
    const one = await ask(prpAllPairs.id, template, list, model, {
      signal,
      onCalls: (own) => onCalls?.(sum(cost, own)),
    });
    asked.push(one);
    cost = sum(cost, one.cost);
  }
  return { asked, cost };
}

/** nDCG of the lists where each passage is asked about by itself, and what that takes. */
export async function askPoints(
  method: 'own' | 'student',
  lists: readonly StudyList[],
  template: PromptTemplate,
  model: RankerModel,
  { signal }: AskOptions,
): Promise<{ readonly ndcg: number; readonly cost: CallCost }> {
  const id = method === 'own' ? relevanceGeneration.id : pointwiseYes.id;
  const values: number[] = [];
  let cost: CallCost = { calls: 0, seconds: 0 };
  for (const list of lists) {
    const one = await ask(id, template, list, model, { signal });
    values.push(ndcgOf(list, one.order));
    cost = sum(cost, one.cost);
  }
  return { ndcg: mean(values), cost };
}

const sum = (a: CallCost, b: CallCost): CallCost => ({
  calls: a.calls + b.calls,
  seconds: a.seconds + b.seconds,
});
