/** What the Teacher column's service would be asked by a run: calls from the forecast, tokens from the prompts' lengths. */
import { answerTokens } from '../../ranking/remote-estimate.ts';
import { costOfTokens } from '../../remote/cost.ts';
import type { ModelsState } from '../models/models.ts';
import { methodOf, templateOf } from '../models/templates.ts';
import { lengthKey, type MethodEstimate, type PromptLengthsState } from '../run/estimate.ts';
import type { Inputs } from '../run/inputs.ts';
import type { RemoteAsk } from '../run/run.ts';
import { useRemote } from './remote.ts';

/** Undefined where no service is asked, or nothing is left to ask. */
export function remoteAsk(
  { toAsk, upperBound }: Pick<MethodEstimate, 'toAsk' | 'upperBound'>,
  { settings, corpus }: Inputs,
  models: ModelsState,
  lengths: PromptLengthsState,
): RemoteAsk | undefined {
  const ready = models.slots.teacher.ready;
  const host = ready?.info.service;
  if (host === undefined || toAsk === 0) return undefined;
  const length = lengths.tokens.get(lengthKey('teacher', settings, models, corpus.fingerprint));
  const method = methodOf('teacher', settings);
  const template = templateOf('teacher', settings, ready?.card);
  const inputTokens = length === undefined ? null : Math.ceil(toAsk * length);
  const outputTokens = toAsk * answerTokens({ method, template, choices: settings });
  const price = useRemote.getState().choice?.price;
  const cost = price && inputTokens !== null ? costOfTokens({ inputTokens, outputTokens }, price) : null;
  return { host, calls: toAsk, upperBound, inputTokens, outputTokens, cost };
}
