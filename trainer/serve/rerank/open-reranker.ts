/** Everything that can be wrong with a checkpoint that is to answer requests is found here, before the server listens. */
import type { RankerCard } from '../../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../../src/errors.ts';
import { readsOnce } from '../../../src/inference/ranker-model.ts';
import type { Dtype } from '../../../src/inference/scorer.ts';
import { createMethod } from '../../../src/ranking/create-method.ts';
import { crossEncoder } from '../../../src/ranking/methods/cross-encoder/method.ts';
import { acceptsTemplate, type MethodDescriptor } from '../../../src/ranking/methods/descriptor.ts';
import { monoT5 } from '../../../src/ranking/methods/monot5/method.ts';
import { pointwiseYes } from '../../../src/ranking/methods/pointwise-yes/method.ts';
import { type MethodId, methodNamed } from '../../../src/ranking/methods/registry.ts';
import { refuseNotGiven } from '../../../src/ranking/needs.ts';
import { labelWordsOf, scoresAlone } from '../../../src/ranking/template.ts';
import { chooseTemplate, refuseUntrained } from '../../scoring/choose-template.ts';
import { fitOf } from '../../scoring/fit-queries.ts';
import { openModel } from '../../scoring/model-folder.ts';
import { openingBytes, refuseOpening } from '../../scoring/model-memory.ts';
import { planCheckpoints } from '../../scoring/plan-checkpoints.ts';
import type { RerankOptions } from './rerank-server.ts';

export interface RerankerRequest {
  readonly checkpoint: string;
  readonly method?: MethodId;
  readonly dtype?: Dtype;
  readonly threads?: number;
  readonly template?: string;
  readonly untrained: boolean;
  readonly rawScores: boolean;
}

export interface Reranker extends Pick<RerankOptions, 'name' | 'scorer' | 'method' | 'relevance' | 'fits'> {
  readonly dispose: () => Promise<void>;
}

/** @throws RankscopeError that names file or option and reason */
export async function openReranker(request: RerankerRequest): Promise<Reranker> {
  const { rawScores, threads } = request;
  const [plan] = await planCheckpoints([request.checkpoint], request.dtype);
  const { card, bytes, dtype, gives } = plan!;
  const id = request.method ?? methodOf(card);
  const descriptor = methodNamed(id);
  if (!servesRequests(descriptor)) {
    throw new RankscopeError(
      'bad-input',
      `${id} is not served: a reranker scores each passage alone, in one run of its model. Choose a pointwise method.`,
    );
  }
  refuseNotGiven(descriptor, card.name, gives);
  refuseUntrained(id, card, request);
  refuseOpening(card.name, openingBytes(bytes));
  const { scorer } = await openModel(request.checkpoint, threads, dtype);
  try {
    const template = await chooseTemplate(id, card, request.template);
    for (const label of labelWordsOf(template)) scorer.tokenizer.labelId?.(label);
    const fit = fitOf(template, scorer.tokenizer, card);
    return {
      name: card.name,
      scorer,
      method: createMethod(id, { template }),
      relevance: rawScores ? (score) => score : relevanceOf(id),
      fits: (query) => fit.leavesRoom(fit.tokens(query)),
      dispose: () => scorer.dispose(),
    };
  } catch (error) {
    await scorer.dispose();
    throw error;
  }
}

/** Cross-encoders and monoT5's own checkpoints are asked in their way, all others as students. */
const methodOf = ({ templates }: Pick<RankerCard, 'templates'>): MethodId =>
  templates.some((one) => acceptsTemplate(crossEncoder, one)) ? crossEncoder.id : methodOfT5(templates);

const methodOfT5 = (templates: RankerCard['templates']): MethodId =>
  templates.find(({ kind }) => kind === 'pointwise')?.id === monoT5.template.id ? monoT5.id : pointwiseYes.id;

export const servesRequests = ({ kind, needs }: Pick<MethodDescriptor, 'kind' | 'needs'>): boolean =>
  scoresAlone(kind) && readsOnce(needs);

/** From 0 to 1, in the order of the scores: monoT5's probability; else the logistic function of a logit, which is none. */
const relevanceOf = (id: MethodId): ((score: number) => number) =>
  id === monoT5.id ? Math.exp : (logit) => 1 / (1 + Math.exp(-logit));
