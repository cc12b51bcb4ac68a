/** Labels by a pairwise teacher: PRP with one of its schedules. */
import { openCheckpoint } from '../../src/inference/checkpoint.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { T5Scorer } from '../../src/inference/t5-scorer.ts';
import type { T5Tokenizer } from '../../src/inference/tokenizer.ts';
import { createMethod } from '../../src/ranking/methods.ts';
import { DEFAULT_PASSES } from '../../src/ranking/planned-calls.ts';
import { wordingHash } from '../../src/ranking/templates.ts';
import type { RankingMethod } from '../../src/ranking/types.ts';
import { type CheckpointPlan, planCheckpoints } from '../evaluate/rows.ts';
import type { QueryList } from '../input/lists.ts';
import { defaultThreads, nodeRuntime } from '../node-runtime.ts';
import { folderSource } from '../node-source.ts';
import { checkPrompts } from '../rank/check-prompts.ts';
import { chooseTemplate } from '../rank/choose-template.ts';
import { measure, planOf } from '../rank/estimate.ts';
import { openTokenizer } from '../rank/open-tokenizer.ts';
import { rankQuery } from '../rank/run-query.ts';
import { float, type Label, type SourceInfo } from './label-line.ts';
import type { LabelOptions, LabelSource } from './source.ts';

export const SCHEDULES = ['all-pairs', 'heapsort', 'sliding'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

export interface TeacherOptions {
  readonly checkpoint: string;
  /** Names the input in messages. */
  readonly input: string;
  readonly schedule: ScheduleName;
  readonly passes?: number;
  readonly template?: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
}

const METHODS = { 'all-pairs': 'prp-allpair', heapsort: 'prp-heapsort', sliding: 'prp-sliding' } as const;

/**
 * The teacher's card and dtype. Labels are made once and kept, so q8 goes before int8 where both are there: with
 * the embedded teacher it decides 98.9 % of pairs as fp32 does (int8: 98.2 %), at three quarters of int8's speed
 * (`bench labelling`).
 */
export async function planTeacher(folder: string, dtype?: Dtype): Promise<CheckpointPlan> {
  const [plan] = await planCheckpoints([folder], dtype);
  const better = dtype === undefined && plan!.dtype === 'int8' && plan!.card.scorers.q8 !== undefined;
  return better ? (await planCheckpoints([folder], 'q8'))[0]! : plan!;
}

/** Reads the card; the model is loaded by `open`. @throws RankscopeError 'missing', 'bad-checkpoint', 'bad-input' */
export async function teacherSource(options: TeacherOptions): Promise<LabelSource> {
  const checkpoint = await planTeacher(options.checkpoint, options.dtype);
  const method = METHODS[options.schedule];
  const template = await chooseTemplate(method, checkpoint.card, options.template);
  const passes = options.passes ?? DEFAULT_PASSES;
  const threads = options.threads ?? defaultThreads();
  const { device, version: runtime } = nodeRuntime(threads);
  const info: SourceInfo = {
    kind: method,
    name: checkpoint.card.name,
    digest: checkpoint.digest,
    ...{ dtype: checkpoint.dtype, device, runtime },
    template: { id: template.id, version: template.version, wording: wordingHash(template) },
    ...(method === 'prp-sliding' ? { passes } : {}),
  };
  let scorer: T5Scorer | undefined;
  let tokenizer: T5Tokenizer | undefined;
  const ranking: RankingMethod = createMethod(method, { template, passes });
  const opened = () => {
    if (!scorer) throw new Error('the teacher is not open');
    return scorer;
  };
  return {
    info,
    unit: 'calls',
    details: { template, threads, checkpoint: options.checkpoint },
    async check(lists) {
      tokenizer ??= await openTokenizer(options.checkpoint);
      checkPrompts(options.input, lists, template, tokenizer, checkpoint.card);
    },
    plan: (lists) => planOf(method, lists, passes),
    async open() {
      scorer ??= await load(checkpoint, threads);
    },
    measure: (lists, signal) => measure(planOf(method, lists, passes), lists, template, opened(), { signal }),
    label: (list, run) => labelBy(ranking, list, opened(), run),
    async dispose() {
      await scorer?.dispose();
      scorer = undefined;
    },
  };
}

async function load({ folder, dtype }: CheckpointPlan, threads: number): Promise<T5Scorer> {
  const { scorer } = await openCheckpoint(folderSource(folder), nodeRuntime(threads), { dtype });
  return scorer;
}

/** Decisions by position, so that a line does not depend on the batches it was asked in. */
async function labelBy(
  method: RankingMethod,
  list: QueryList,
  scorer: T5Scorer,
  options: LabelOptions,
): Promise<Label | undefined> {
  const { state, order, scores, decisions } = await rankQuery(method, list, scorer, options);
  if (state !== 'done') return undefined;
  const kept = decisions.map(({ a, b, logitA, logitB, preference, cuts }) => {
    return { a, b, logitA: float(logitA), logitB: float(logitB), preference, cut: cuts.length };
  });
  return { order, scores, decisions: kept.sort((p, q) => p.a - q.a || p.b - q.b) };
}
