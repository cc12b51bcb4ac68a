/** A student in training, on any runtime: the trainer's own steps over lists of a few passages. */
import { encodePrompt } from '../../src/inference/prompt-encoder.ts';
import type { Runtime } from '../../src/inference/runtime.ts';
import type { PromptLimits } from '../../src/inference/scorer.ts';
import { PairTable } from '../../src/ranking/pair-table.ts';
import { STUDENT } from '../../src/ranking/presets.ts';
import { rankByPairs } from '../../src/ranking/schedules/all-pairs.ts';
import { renderPrompt } from '../../src/ranking/templates.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { type AdamWOptions, adamWDefaults, type Optimizer } from '../../src/training/adamw.ts';
import { ListGradient, type TrainingList } from '../../src/training/list-gradient.ts';
import { StepPlan } from '../../src/training/step-plan.ts';
import { type TrainStepResult, trainStep } from '../../src/training/train-step.ts';
import { TrainableModel } from '../../src/training/trainable-model.ts';
import type { TaughtDecision } from '../../src/workers/train-protocol.ts';
import { mean, ndcgOf, orderOf, type StudyList } from './study-lists.ts';

/** Lists of a step. */
const BATCH = 2;
/** Nobody waits so long in a page. */
const MOST_STEPS = 10_000;
/** A run holds the thread: small enough that a pause is soon heard, large enough for both lists at once. */
const CHUNK_TOKENS = 2048;

export const STUDENT_WORDING = STUDENT;
export const OPTIMISER: AdamWOptions = adamWDefaults;

export interface StudentParts {
  readonly runtime: Runtime;
  readonly base: T5Model;
  readonly tokenizer: T5Tokenizer;
  readonly limits: PromptLimits;
  readonly taught: readonly (StudyList & { readonly decisions: readonly TaughtDecision[] })[];
  readonly heldOut: readonly StudyList[];
  readonly seed: number;
}

/** Weights and what AdamW remembers, apart from the model they were in. */
interface Kept {
  readonly step: number;
  readonly updates: number;
  readonly values: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export class PageStudent {
  /** Steps done. */
  step = 0;
  readonly model: TrainableModel;
  private readonly engine: ListGradient;
  private readonly parts: StudentParts;
  private readonly untaught: Float32Array;
  private readonly taught: readonly (readonly Int32Array[])[];
  private readonly heldOut: readonly (readonly Int32Array[])[];
  private readonly plan: StepPlan;
  private former: Kept | undefined;

  constructor(parts: StudentParts) {
    const { runtime, base, tokenizer, taught, heldOut, seed } = parts;
    this.parts = parts;
    const values = new Map([...base.weights].map(([name, { data }]) => [name, data]));
    this.model = new TrainableModel(base.config, values, { runtime });
    this.untaught = this.model.parameters.values.slice();
    this.engine = ListGradient.open(this.model, {
      loss: 'ranknet',
      chunkTokens: CHUNK_TOKENS,
      decoderIds: [base.config.decoderStartId],
      labelIds: STUDENT_WORDING.labels.map((label) => tokenizer.labelId(label)),
      labelWeights: [1],
    });
    this.taught = taught.map((list) => this.prompts(list));
    this.heldOut = heldOut.map((list) => this.prompts(list));
    this.plan = new StepPlan(taught.length, { steps: MOST_STEPS, batch: BATCH, accumulate: 1, seed });
  }

  get size(): number {
    return this.untaught.length;
  }

  /** One step. @throws RankscopeError 'cancelled'; nothing has changed then */
  async train(learningRate: number, listSize: number, signal: AbortSignal): Promise<TrainStepResult> {
    const result = await trainStep(
      {
        model: this.model,
        engine: this.engine,
        plan: this.plan,
        lists: this.lists(listSize),
        settings: { learningRate, schedule: 'constant', warmup: 0, accumulate: 1 },
        optimiser: OPTIMISER,
        signal,
      },
      this.step,
    );
    this.step++;
    return result;
  }

  /** Scores of a taught list's passages, all of them. */
  async scores(list: number): Promise<number[]> {
    return [...(await this.engine.scores(this.taught[list] ?? []))];
  }

  /** Mean nDCG@10 of the held-out lists. */
  async measure(signal?: AbortSignal): Promise<number> {
    const flat = await this.engine.scores(this.heldOut.flat(), signal);
    let at = 0;
    return mean(
      this.parts.heldOut.map((list) => {
        const end = at + list.candidates.length;
        const own = flat.subarray(at, end);
        at = end;
        return ndcgOf(list, orderOf(own));
      }),
    );
  }

  /** The lists that are learnt from: the teacher's ranks among the first passages of each. */
  lists(size: number): TrainingList[] {
    return this.parts.taught.map(({ decisions }, l) => {
      const prompts = this.taught[l]!.slice(0, size);
      const inside = decisions.filter(({ a, b }) => a < prompts.length && b < prompts.length);
      const { order, scores } = rankByPairs(PairTable.from(prompts.length, inside));
      const ranks = new Array<number>(prompts.length);
      const teacherScores = new Array<number>(prompts.length);
      order.forEach((place, rank) => {
        ranks[place] = rank + 1;
        teacherScores[place] = scores[rank]!;
      });
      return { prompts, ranks, teacherScores };
    });
  }

  /** From the base's weights again; `swap` brings this one back. */
  restart(): void {
    this.former = this.keep();
    this.model.parameters.values.set(this.untaught);
    const { adam } = this.model;
    adam.m.fill(0);
    adam.v.fill(0);
    adam.step = 0;
    this.step = 0;
  }

  swap(): void {
    const { former } = this;
    if (!former) return;
    this.former = this.keep();
    this.model.parameters.values.set(former.values);
    const { adam } = this.model;
    adam.m.set(former.m);
    adam.v.set(former.v);
    adam.step = former.updates;
    this.step = former.step;
  }

  async release(): Promise<void> {
    await this.engine.release();
    await this.model.release();
  }

  private keep(): Kept {
    const { m, v, step: updates }: Optimizer = this.model.adam;
    return {
      step: this.step,
      updates,
      values: this.model.parameters.values.slice(),
      m: m.slice(),
      v: v.slice(),
    };
  }

  private prompts({ query, candidates }: StudyList): Int32Array[] {
    const { tokenizer, limits } = this.parts;
    return candidates.map(
      ({ passage }) => encodePrompt(tokenizer, renderPrompt(STUDENT_WORDING, query, [passage]), limits).ids,
    );
  }
}
