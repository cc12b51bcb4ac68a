/** What a service would be asked: calls, tokens by the prompts' lengths, the cost by the user's price. */

import { promptsOf, type QuestionsJob } from '../../ranking/questions.ts';
import { answerTokens } from '../../ranking/remote-estimate.ts';
import { aboutTokens, costOfTokens } from '../../remote/cost.ts';
import { LABEL_TOKENS } from '../../remote/remote-model.ts';
import type { ModelsState } from '../models/models.ts';
import { methodOf, templateOf } from '../models/templates.ts';
import { lengthKey, type MethodEstimate, type PromptLengthsState } from '../run/estimate.ts';
import type { Inputs } from '../run/inputs.ts';
import type { RemoteAsk } from '../run/run.ts';
import { serviceNamed } from './remote.ts';

/** The same with its cost, where the service has a price. */
export function priced(id: string | undefined, ask: Omit<RemoteAsk, 'cost'>): RemoteAsk {
  const price = serviceNamed(id)?.price;
  const { inputTokens, outputTokens } = ask;
  const cost = price && inputTokens !== null ? costOfTokens({ inputTokens, outputTokens }, price) : null;
  return { ...ask, cost };
}

/** By a run of the Teacher column. Undefined where no service is asked, or nothing is left to ask. */
export function remoteAsk(
  { toAsk, upperBound }: Pick<MethodEstimate, 'toAsk' | 'upperBound'>,
  { settings, corpus }: Inputs,
  models: ModelsState,
  lengths: PromptLengthsState,
): RemoteAsk | undefined {
  const { ready, model } = models.slots.teacher;
  const host = ready?.info.service;
  if (host === undefined || toAsk === 0) return undefined;
  const length = lengths.tokens.get(lengthKey('teacher', settings, models, corpus.fingerprint));
  const method = methodOf('teacher', settings);
  const template = templateOf('teacher', settings, ready?.card);
  const inputTokens = length === undefined ? null : Math.ceil(toAsk * length);
  const outputTokens = toAsk * answerTokens({ method, template, choices: settings });
  return priced(model?.id, { host, calls: toAsk, upperBound, inputTokens, outputTokens });
}

/** By single questions. */
export function questionsAsk(id: string | undefined, host: string, job: QuestionsJob): RemoteAsk {
  const prompts = promptsOf(job);
  return priced(id, {
    host,
    calls: prompts.length,
    upperBound: false,
    inputTokens: prompts.reduce((sum, { parts }) => sum + aboutTokens(textOf(parts)), 0),
    outputTokens: prompts.length * LABEL_TOKENS,
  });
}

const textOf = (parts: readonly { readonly text: string }[]): string =>
  parts.map(({ text }) => text).join('');
