/** How far a dtype's scores are from fp32's, on prompts made from the samples. */

import { RankscopeError } from '../../errors.ts';
import { fusedModel } from '../../inference/fused-model.ts';
import { probeLogits } from '../../inference/parity.ts';
import type { ExternalData, Runtime } from '../../inference/runtime.ts';
import type { Prompt } from '../../inference/scorer.ts';
import { T5Scorer } from '../../inference/t5-scorer.ts';
import type { LabelTemplate } from '../../ranking/template.ts';
import { renderPrompt } from '../../ranking/templates.ts';
import type { T5Config } from '../../t5/config.ts';
import type { T5Tokenizer } from '../../tokenizer/t5-tokenizer.ts';
import type { Passage, Query } from '../../types.ts';
import { labelledTemplate } from '../labelled-template.ts';
import type { DtypeMeasure, RankerCard } from '../ranker-card.ts';

/** Texts to make prompts of: passages, and queries with grades of some of them. */
export interface Sample {
  readonly passages: readonly Passage[];
  readonly queries: readonly (Query & { readonly grades: Readonly<Record<string, number>> })[];
}

const QUERIES_EACH = 2;
const PASSAGES_EACH = 8;

/** Scores by template: [template][query][prompt]. */
export type ProbeScores = readonly (readonly (readonly number[])[])[];

export interface ProbeModel {
  readonly config: T5Config;
  readonly tokenizer: T5Tokenizer;
  readonly card: Pick<RankerCard, 'templates' | 'limits' | 'name'>;
  readonly samples: readonly Sample[];
}

/** A scorer's model, and where the weights beside it are. */
export interface ProbedScorer {
  readonly model: Uint8Array;
  readonly externalData?: readonly ExternalData[];
}

/** What a scorer says of the prompts it is compared on. */
export interface Probed {
  /** Logit of the first label minus that of the second, if any. */
  readonly scores: ProbeScores;
  /** Of the prompts and labels of the card's probe (RankerCard.probe). */
  readonly logits: readonly number[];
}

/** Scores and logits of a scorer. */
export async function probeScores(
  { model, externalData }: ProbedScorer,
  { config, tokenizer, card, samples }: ProbeModel,
  runtime: Runtime,
): Promise<Probed> {
  const { device, threads, version } = runtime;
  const scorer = new T5Scorer({
    runtime,
    model: fusedModel(runtime, await runtime.createSession(model, { externalData })),
    tokenizer,
    info: { name: card.name, digest: '', dtype: 'fp32', device, threads, runtime: version },
    limits: card.limits,
    decoderStartId: config.decoderStartId,
    padId: config.padId,
  });
  try {
    const scores: number[][][] = [];
    for (const template of probedTemplates(card)) {
      const groups = probePrompts(template, samples);
      const flat = await scoreAll(scorer, groups.flat());
      let at = 0;
      const split = groups.map((group) => {
        at += group.length;
        return flat.slice(at - group.length, at);
      });
      scores.push(split);
    }
    return { scores, logits: await probeLogits(scorer, probeLabels(card)) };
  } finally {
    await scorer.dispose();
  }
}

/** Labels that the tokenizer has, whatever the probe's prompts are about. */
export const probeLabels = (card: ProbeModel['card']): readonly string[] => labelledTemplate(card).labels;

/**
 * The wordings that dtypes are compared on: answered by labels, and with one or two passages.
 * @throws RankscopeError 'bad-input' for a card without such a wording
 */
export function probedTemplates({
  templates,
  name,
}: Pick<RankerCard, 'templates' | 'name'>): LabelTemplate[] {
  const probed = templates.filter((one) => one.kind === 'pointwise' || one.kind === 'pairwise');
  if (probed.length > 0) return probed;
  throw new RankscopeError(
    'bad-input',
    `${name} has no pointwise or pairwise template: what a dtype costs in exactness is measured on one. Give it one.`,
  );
}

/**
 * @param reference the fp32 scores
 * @param templates as of `probedTemplates`
 */
export function compareScores(
  bytes: number,
  scores: ProbeScores,
  reference: ProbeScores,
  templates: readonly Pick<LabelTemplate, 'kind'>[],
): DtypeMeasure {
  const measures = reference.map((groups, t) => {
    const flat = groups.flat();
    const mean = flat.reduce((sum, score) => sum + score, 0) / flat.length;
    const spread = Math.sqrt(flat.reduce((sum, score) => sum + (score - mean) ** 2, 0) / flat.length);
    const own = scores[t]!.flat();
    const error = Math.sqrt(flat.reduce((sum, score, i) => sum + (score - own[i]!) ** 2, 0) / flat.length);
    const agreement =
      templates[t]!.kind === 'pairwise' ? sameSigns(own, flat) : sameOrders(scores[t]!, groups);
    return { scoreError: spread > 0 ? error / spread : error, agreement, prompts: flat.length };
  });
  return {
    bytes,
    scoreError: Math.max(...measures.map(({ scoreError }) => scoreError)),
    agreement: Math.min(...measures.map(({ agreement }) => agreement)),
    prompts: measures.reduce((sum, { prompts }) => sum + prompts, 0),
  };
}

function sameSigns(own: readonly number[], reference: readonly number[]): number {
  return own.filter((score, i) => Math.sign(score) === Math.sign(reference[i]!)).length / own.length;
}

/** Share of pairs within each query that are ordered alike. */
function sameOrders(own: ProbeScores[number], reference: ProbeScores[number]): number {
  let same = 0;
  let pairs = 0;
  reference.forEach((group, q) => {
    for (let i = 0; i < group.length; i++) {
      for (let j = i + 1; j < group.length; j++) {
        pairs++;
        if (Math.sign(own[q]![i]! - own[q]![j]!) === Math.sign(group[i]! - group[j]!)) same++;
      }
    }
  });
  return pairs === 0 ? 1 : same / pairs;
}

/** Prompts of a template, by query: judged passages, for pairs each before its neighbour. */
function probePrompts(template: LabelTemplate, samples: readonly Sample[]): Prompt[][] {
  return samples.flatMap(({ passages, queries }) => {
    return queries.slice(0, QUERIES_EACH).map((query) => {
      const judged = passages.filter(({ id }) => id in query.grades).slice(0, PASSAGES_EACH);
      return template.kind === 'pointwise'
        ? judged.map((passage) => renderPrompt(template, query, [passage]))
        : judged.map((passage, i) =>
            renderPrompt(template, query, [passage, judged[(i + 1) % judged.length]!]),
          );
    });
  });
}

async function scoreAll(scorer: T5Scorer, prompts: readonly Prompt[]): Promise<number[]> {
  const width = prompts[0]!.labels.length;
  const out = new Array<number>(prompts.length).fill(Number.NaN);
  for await (const batch of scorer.score(prompts)) {
    batch.indices.forEach((prompt, row) => {
      const at = row * width;
      out[prompt] = batch.logits[at]! - (width > 1 ? batch.logits[at + 1]! : 0);
    });
  }
  return out;
}
