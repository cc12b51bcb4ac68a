/** Labels by a pairwise teacher: PRP with one of its schedules. */

import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { float, type Label, type SourceInfo } from '../../src/formats/label-line.ts';
import type { LoadedModel } from '../../src/inference/loaded-model.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import {
  methodNamed,
  methodOfSchedule,
  type ScheduleName,
  takenChoices,
} from '../../src/ranking/methods/registry.ts';
import { refuseNotGiven } from '../../src/ranking/needs.ts';
import { type GivenChoices, scheduleChoices } from '../../src/ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { matchesTrained } from '../../src/ranking/templates.ts';
import type { RankingMethod } from '../../src/ranking/types.ts';
import { wordingHash } from '../../src/ranking/wording-hash.ts';
import type { TextTokenizer } from '../../src/tokenizer/text-tokenizer.ts';
import type { Query } from '../../src/types.ts';
import type { QueryList } from '../input/lists.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { defaultThreads, nodeRuntime } from '../node/runtime.ts';
import { checkPrompts } from '../scoring/check-prompts.ts';
import { chooseTemplate, type PassageEdit, refuseUntrained } from '../scoring/choose-template.ts';
import { cutNote, fitOf, fitQueries, queryCut } from '../scoring/fit-queries.ts';
import { measure, planOf } from '../scoring/measure-calls.ts';
import { openModel, openTokenizer } from '../scoring/model-folder.ts';
import { makingBytes, openingBytes, refuseOpening } from '../scoring/model-memory.ts';
import { type CheckpointPlan, planCheckpoints } from '../scoring/plan-checkpoints.ts';
import { rankQuery } from '../scoring/rank-query.ts';
import { readingOf } from '../scoring/reading-digest.ts';
import { canMakeFp32, fp32Source, WEIGHTS, weightsDigest } from './fp32-source.ts';
import type { LabelOptions, LabelSource } from './source.ts';

/** With the choices of its schedule. */
export interface TeacherOptions extends GivenChoices {
  readonly checkpoint: string;
  /** Names the input in messages. */
  readonly input: string;
  readonly schedule: ScheduleName;
  readonly template?: string;
  /** What differs from that template in the writing of passages. */
  readonly passages?: PassageEdit;
  /** Also a checkpoint that was never trained on pairwise prompts. */
  readonly untrained?: boolean;
  readonly dtype?: Dtype;
  readonly threads?: number;
  /** Queries that leave no room for passages are cut instead of refused. */
  readonly cutQueries?: boolean;
}

/** A plan whose fp32 scorer the folder lacks and its weights give. */
export interface TeacherPlan extends CheckpointPlan {
  readonly isMade: boolean;
}

/**
 * The teacher's card and dtype. Labels are made once and kept, so fp32 goes first: with the embedded teacher int8
 * decides 98.6 % of pairs as fp32 does at 1.06 times its speed, q8 99.5 % and slower (`bench labelling`). Where the
 * folder has no fp32 scorer it is made from the weights; where it is too large, q8 goes before int8.
 */
export async function planTeacher(folder: string, dtype?: Dtype): Promise<TeacherPlan> {
  const [plan] = await planCheckpoints([folder], dtype === 'fp32' ? undefined : dtype);
  const { card } = plan!;
  if (dtype !== undefined && dtype !== 'fp32') return { ...plan!, isMade: false };
  if (card.scorers.fp32 === undefined && canMakeFp32(card)) {
    return { ...plan!, dtype: 'fp32', digest: weightsDigest(card), isMade: true };
  }
  const best = (['fp32', 'q8', 'int8', 'q4'] as const).find((one) => card.scorers[one] !== undefined);
  return { ...(await planCheckpoints([folder], dtype ?? best))[0]!, isMade: false };
}

/** Reads the card; the model is loaded by `open`. @throws RankscopeError 'missing', 'bad-checkpoint', 'bad-input' */
export async function teacherSource(options: TeacherOptions): Promise<LabelSource> {
  const checkpoint = await planTeacher(options.checkpoint, options.dtype);
  const method = methodOfSchedule(options.schedule);
  refuseNotGiven(methodNamed(method), checkpoint.card.name, checkpoint.gives);
  refuseUntrained(method, checkpoint.card, options);
  const template = await chooseTemplate(method, checkpoint.card, options.template, options.passages);
  const choices = scheduleChoices(options);
  const threads = options.threads ?? defaultThreads();
  const { device, version: runtime } = nodeRuntime(threads);
  const info: SourceInfo = {
    kind: method,
    name: checkpoint.card.name,
    digest: checkpoint.digest,
    dtype: checkpoint.dtype,
    device,
    runtime,
    ...readingOf(checkpoint.card),
    template: { id: template.id, version: template.version, wording: wordingHash(template) },
    ...takenChoices(method, choices),
  };
  let scorer: LoadedModel | undefined;
  let tokenizer: TextTokenizer | undefined;
  const ranking: RankingMethod = createMethod(method, { template, ...choices });
  const opened = () => {
    if (!scorer) throw new Error('the teacher is not open');
    return scorer;
  };
  /** By the query's id, what the teacher is asked in its place. */
  const asked = new Map<string, Query>();
  const fitted = (list: QueryList): RankJob => {
    const cut = asked.get(list.query.id);
    return cut ? { ...list, asked: cut } : list;
  };
  const notices = untrained(checkpoint.card, template);
  return {
    info,
    unit: 'calls',
    details: { template, threads, checkpoint: options.checkpoint },
    notices,
    async check(lists) {
      tokenizer ??= await openTokenizer(options.checkpoint);
      if (options.cutQueries) {
        const fit = fitOf(template, tokenizer, checkpoint.card);
        for (const { asked: cut } of fitQueries(lists.map(asJob), fit)) if (cut) asked.set(cut.id, cut);
        const { maxTokens } = checkpoint.card.limits;
        if (asked.size > 0) notices.push(cutNote(options.input, asked.size, maxTokens));
      }
      checkPrompts(options.input, lists.map(fitted), template, tokenizer, checkpoint.card);
    },
    plan: (lists) => planOf(method, lists, choices),
    async open() {
      scorer ??= await load(checkpoint, threads);
    },
    measure: (lists, signal) =>
      measure(planOf(method, lists, choices), lists.map(fitted), { method, template, choices }, opened(), {
        signal,
      }),
    label: (list, run) => labelBy(ranking, fitted(list), opened(), run),
    async dispose() {
      await scorer?.dispose();
      scorer = undefined;
    },
  };
}

/** A model taught other questions and not this one, as a student is, answers almost at random. A FLAN-T5 was taught none of ours. */
function untrained({ name, templates }: RankerCard, template: PromptTemplate): string[] {
  if (!templates.some(({ trained }) => trained !== false) || matchesTrained(template, templates)) return [];
  return [
    `${name} was not trained on the wording “${template.name}” (${template.id}), but on ${templates.map(({ id }) => id).join(', ')}: its answers may mean little.`,
  ];
}

async function load(plan: TeacherPlan, threads: number): Promise<LoadedModel> {
  const { folder, dtype, card, isMade, bytes } = plan;
  refuseOpening(card.name, isMade ? makingBytes(card.files[WEIGHTS]?.bytes ?? 0) : openingBytes(bytes));
  const { scorer } = isMade
    ? await openCheckpoint(await fp32Source(folder, card), nodeRuntime(threads), { dtype })
    : await openModel(folder, threads, dtype);
  return scorer;
}

const asJob = (list: QueryList): RankJob => list;

/** Decisions by position, so that a line does not depend on the batches it was asked in. */
async function labelBy(
  method: RankingMethod,
  list: RankJob,
  scorer: LoadedModel,
  options: LabelOptions,
): Promise<Label | undefined> {
  const { state, order, scores, decisions } = await rankQuery(method, list, scorer, options);
  if (state !== 'done') return undefined;
  const kept = decisions.map(({ a, b, logitA, logitB, preference, cuts }) => {
    return { a, b, logitA: float(logitA), logitB: float(logitB), preference, cut: cuts.length };
  });
  return {
    order,
    scores,
    decisions: kept.sort((p, q) => p.a - q.a || p.b - q.b),
    queryCut: queryCut(list),
  };
}
