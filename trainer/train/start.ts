/** What is known of a training before a label or a weight is read. */
import type { PromptLimits } from '../../src/inference/scorer.ts';
import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { STUDENT } from '../../src/ranking/presets.ts';
import { type LabelTemplate, ofKind } from '../../src/ranking/template.ts';
import { chooseTemplate } from '../scoring/choose-template.ts';
import { type Base, openBase } from './base.ts';
import { type Identity, identityOf, inputsOf } from './record.ts';
import { fillSettings, type Settings } from './settings.ts';
import type { TrainRequest } from './train-request.ts';

export interface Start {
  readonly request: TrainRequest;
  readonly settings: Settings;
  readonly base: Base;
  readonly template: LabelTemplate;
  readonly limits: PromptLimits;
  readonly identity: Identity;
  /** How to do this again. */
  readonly command: string;
}

/** @throws RankscopeError 'bad-input', 'missing' or 'bad-checkpoint' */
export async function startOf(request: TrainRequest): Promise<Start> {
  const settings = fillSettings(request);
  const base = await openBase(request.checkpoint);
  const template = await studentTemplate(base, request);
  const limits = limitsOf(base, settings);
  const identity = await identityOf(request, base, template, settings);
  return {
    request,
    settings,
    base,
    template,
    limits,
    identity,
    command: request.command ?? commandOf(request),
  };
}

/** The student's own score is the logit of the positive word (paper, 3.3): a second label is not trained. */
async function studentTemplate(
  base: Base,
  { template: wanted = STUDENT.id, passages }: TrainRequest,
): Promise<LabelTemplate> {
  const template = ofKind(await chooseTemplate(pointwiseYes.id, base.card, wanted, passages), 'pointwise');
  return template.labels.length === 1 ? template : { ...template, labels: template.labels.slice(0, 1) };
}

/** The result keeps these in its card, so that it is asked as it was trained. */
function limitsOf({ card: { limits } }: Base, { passageTokens }: Settings): PromptLimits {
  return passageTokens === undefined ? limits : { ...limits, maxPassageTokens: passageTokens };
}

const commandOf = (request: TrainRequest) =>
  `npm run trainer -- train --checkpoint ${request.checkpoint} --input ${inputsOf(request).join(' ')} --output ${request.output}`;
