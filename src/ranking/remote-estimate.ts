/** What a ranking by a service will come to, before anything is sent: calls by the method, tokens by the prompts' lengths. */
import { aboutTokens } from '../remote/cost.ts';
import { LABEL_TOKENS } from '../remote/remote-model.ts';
import type { Candidate, Query } from '../types.ts';
import { listwiseLimits } from './listwise.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';
import { plannedCalls } from './planned-calls.ts';
import { preparePassage, renderPrepared, wordLimit } from './render.ts';
import { type GivenChoices, scheduleChoices } from './schedules/choices.ts';
import { shownAtOnce } from './shown-at-once.ts';
import type { PromptTemplate } from './template.ts';
import { promptText } from './templates.ts';

export interface RemoteEstimate {
  readonly calls: number;
  /** The method may need fewer calls. */
  readonly upperBound: boolean;
  /** About: four bytes a token. */
  readonly inputTokens: number;
  /** At most. */
  readonly outputTokens: number;
}

export interface RemotePlan {
  readonly method: MethodId;
  readonly template: PromptTemplate;
  readonly choices?: GivenChoices;
}

/** Answers that are known already are not taken off. */
export function estimateRemote(
  { method, template, choices = {} }: RemotePlan,
  lists: readonly { readonly query: Query; readonly candidates: readonly Candidate[] }[],
): RemoteEstimate {
  const all = { calls: 0, upperBound: false, inputTokens: 0, outputTokens: 0 };
  const maxWords = wordLimit(template);
  for (const { query, candidates } of lists) {
    const { calls, upperBound } = plannedCalls(method, candidates.length, choices);
    if (calls === 0) continue;
    const passages = candidates.map(({ passage }) => preparePassage(passage, maxWords, template.titles));
    const shown = Math.min(shownAtOnce(method, template, choices, candidates.length), candidates.length);
    const wording = promptText(renderPrepared(template, query, passages.slice(0, shown).map(empty)));
    const mean = passages.reduce((sum, { text }) => sum + aboutTokens(text), 0) / passages.length;
    all.calls += calls;
    all.upperBound ||= upperBound;
    all.inputTokens += Math.ceil(calls * (aboutTokens(wording) + shown * mean));
    all.outputTokens += calls * answerTokens({ method, template, choices });
  }
  return all;
}

const empty = () => ({ text: '', total: 0 });

/** Tokens of an answer, at most. */
export function answerTokens({ method, template, choices = {} }: RemotePlan): number {
  switch (methodNamed(method).needs) {
    case 'generation':
      return listwiseLimits(template, scheduleChoices(choices)).maxNewTokens;
    case 'remote':
      return 0;
    default:
      return LABEL_TOKENS;
  }
}
