/** Which rows an evaluation has: bm25, and every method with every checkpoint that can be asked so. */

import { RankscopeError } from '../../src/errors.ts';
import { DEFAULT_SEED, isBaselineId } from '../../src/evaluation/baselines/baselines.ts';
import { can } from '../../src/inference/ranker-model.ts';
import {
  firstId,
  type MethodId,
  methodNamed,
  needsTrueProbabilities,
  takenChoices,
  takes,
} from '../../src/ranking/methods/registry.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
import { labelsOf, type PromptTemplate } from '../../src/ranking/template.ts';
import { matchesTrained } from '../../src/ranking/templates.ts';
import { ownWording } from '../../src/ranking/wording-hash.ts';
import { slug } from '../cli/file-names.ts';
import { chooseTemplate, knows } from '../scoring/choose-template.ts';
import type { CheckpointPlan } from '../scoring/plan-checkpoints.ts';
import { readingOf } from '../scoring/reading-digest.ts';
import type { EvaluateRequest, MethodSpec, RowMethod } from './evaluate-request.ts';

/** Whether a checkpoint is needed for it. */
export const isModelMethod = (id: RowMethod): id is MethodId => id !== 'bm25' && !isBaselineId(id);

/** A row with a model. */
export interface ModelRow {
  readonly name: string;
  /** Name for files: no white space, no slashes. */
  readonly slug: string;
  /** The same for what is kept of unfinished work: it stays where a method gets another id. */
  readonly workSlug: string;
  readonly method: MethodId;
  readonly checkpoint: CheckpointPlan;
  readonly template: PromptTemplate;
  /** Absent: a service, of whose training nothing is known. */
  readonly trainedTemplate?: boolean;
  /** Seed of the random order that the candidates are asked in; absent: the first stage's. */
  readonly shuffled?: number;
  /** Names everything but the data that its numbers depend on. */
  readonly fingerprint: string;
}

/**
 * The rows with models, checkpoint by checkpoint. A method whose kind of prompt a checkpoint never saw in
 * training is left out and reported (a student compares no pairs), unless `untrained` or a template asks for it.
 * @throws RankscopeError 'bad-input' when a template fits no method or nothing is left
 */
export async function planRows(
  request: Pick<
    EvaluateRequest,
    'methods' | keyof GivenChoices | 'trueProbabilities' | 'untrained' | 'shuffled' | 'seed'
  >,
  checkpoints: readonly CheckpointPlan[],
  notice: (text: string) => void = () => {},
): Promise<ModelRow[]> {
  const rows: ModelRow[] = [];
  for (const checkpoint of checkpoints) {
    const { card } = checkpoint;
    // A wording may be named that another checkpoint was trained on: the base under the student's prompt.
    const others = checkpoints.flatMap((other) => (other === checkpoint ? [] : other.card.templates));
    for (const spec of request.methods) {
      if (!isModelMethod(spec.id) || (spec.only !== undefined && spec.only !== checkpoint.folder)) continue;
      const lacks = lacking(checkpoint, spec.id);
      if (lacks !== undefined) {
        notice(lacks);
        continue;
      }
      if (!spec.template && !request.untrained && !knows(card, spec.id)) {
        notice(
          `${checkpoint.label} is not asked by ${spec.id}: it was not trained on such a prompt. Use --untrained to ask it anyway.`,
        );
        continue;
      }
      const named = spec.template === undefined ? card.templates : [...card.templates, ...others];
      const template = await chooseTemplate(
        spec.id,
        { name: card.name, templates: named },
        spec.template,
        spec.passages,
      );
      const planned = row(request, checkpoint, spec, spec.id, template, checkpoints.length > 1);
      rows.push(planned);
      // Methods that score do not care in what order they are asked, but for ties.
      if (request.shuffled && methodNamed(spec.id).byPlace) rows.push(shuffledRow(planned, request.seed));
    }
  }
  const models = request.methods.filter(({ id }) => isModelMethod(id));
  if (models.length > 0 && checkpoints.length > 0 && rows.length === 0) {
    throw new RankscopeError(
      'bad-input',
      'No method fits any of the checkpoints. See --untrained and --methods.',
    );
  }
  return rows;
}

/** The same with the candidates in a random order. Their texts, in that order, name its answers. */
function shuffledRow(row: ModelRow, seed = DEFAULT_SEED): ModelRow {
  const of = (slug: string) => `${slug}.shuffled`;
  const name = `${row.name}, shuffled`;
  return { ...row, name, slug: of(row.slug), workSlug: of(row.workSlug), shuffled: seed };
}

/** Why a model is not asked by a method: it cannot do what that needs. */
function lacking({ service, label, gives }: CheckpointPlan, id: MethodId): string | undefined {
  const { needs } = methodNamed(id);
  if (service ? can(service.scorer, needs) : gives.includes(needs)) return undefined;
  if (service) return `${label} is not asked by ${id}: the service cannot do what that needs.`;
  if (needs === 'remote') return `${label} is not asked by ${id}: that is for a service (--endpoint).`;
  return needs === 'relevance'
    ? `${label} is not asked by ${id}: that is for cross-encoders.`
    : `${label} is not asked by ${id}: it is a cross-encoder, which scores query and passage and nothing else.`;
}

function row(
  {
    passes,
    top,
    trueProbabilities,
    ...more
  }: Pick<EvaluateRequest, keyof GivenChoices | 'trueProbabilities'>,
  checkpoint: CheckpointPlan,
  spec: MethodSpec,
  method: MethodId,
  template: PromptTemplate,
  several: boolean,
): ModelRow {
  const of = (name: string) => (spec.template === undefined ? name : `${name}@${template.id}`);
  const words = of(spec.asked ?? method);
  const { text, decoderPrefix, maxPassageWords, titles } = template;
  const asked = [
    text,
    labelsOf(template),
    decoderPrefix,
    maxPassageWords,
    takes(method, 'passes') ? passes : null,
  ];
  const key: unknown[] = [
    checkpoint.digest,
    checkpoint.dtype,
    readingOf(checkpoint.card),
    firstId(method),
    asked,
    needsTrueProbabilities(method, trueProbabilities),
  ];
  const own = ownWording(template);
  if (own.length > 0) key.push(own);
  // Answers of before there was a choice stay.
  if (titles === 'labelled') key.push(titles);
  if (takes(method, 'top') && top !== undefined) key.push(`top ${top}`);
  for (const [name, value] of Object.entries(takenChoices(method, more))) {
    if (value !== undefined) key.push(`${name} ${value}`);
  }
  return {
    name: spec.name ?? (several ? `${checkpoint.label} ${words}` : words),
    slug: `${checkpoint.label}.${slug(words)}`,
    workSlug: `${checkpoint.label}.${slug(of(firstId(method)))}`,
    method,
    checkpoint,
    template,
    trainedTemplate: checkpoint.service ? undefined : matchesTrained(template, checkpoint.card.templates),
    fingerprint: JSON.stringify(key),
  };
}
