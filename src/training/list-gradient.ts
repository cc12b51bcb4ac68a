/**
 * The gradient of a ranking loss over lists of any length, in runs of the model of bounded size.
 *
 * All prompts of a batch are scored in chunks, forward only. The losses of the lists and their slopes,
 * d loss / d score, are then computed from all scores, and each chunk is run again, forward and
 * backward, from its own slopes: by the chain rule the chunks' gradients add up to the batch's. So
 * memory follows the chunk, not the list, for a third more computation.
 *
 * RankNet does without that third where whole lists fit into chunks and their prompts are about as long
 * as each other: the loss is then in the graph. What is less work, padding included, is done.
 */
import { RankscopeError } from '../errors.ts';
import type { DropoutSite } from '../t5/dropout.ts';
import { rankNetWeights, softRankNetWeights } from '../t5/loss.ts';
import type { LossKind, TrainingShape } from '../t5/training-graph.ts';
import { type Chunk, chunksOf, type Group, groupsOf, padChunk, tokensOf } from './chunks.ts';
import { DropoutMasks } from './dropout-masks.ts';
import { type LossName, type LossSettings, listLoss, type TeacherOpinion } from './list-loss.ts';
import { StepCache } from './step-cache.ts';
import type { TrainableModel } from './trainable-model.ts';

/** A query's passages as prompts, and what the teacher says of them. */
export interface TrainingList extends TeacherOpinion {
  /** Token ids of each passage's prompt, end token included. */
  readonly prompts: readonly Int32Array[];
}

export interface GradientOptions extends LossSettings {
  readonly loss: LossName;
  readonly decoderIds: readonly number[];
  readonly labelIds: readonly number[];
  /** The score of a prompt: Σ labelWeights[k] · logit k. */
  readonly labelWeights: readonly number[];
  /** Tokens (rows × padded length) of one run of the model. */
  readonly chunkTokens: number;
  /** Share of values that gradients are taken without; absent: none. `scores` never drops any. */
  readonly dropout?: { readonly rate: number; readonly seed: number };
}

export interface GradientResult {
  /** Mean of the lists' losses. */
  readonly loss: number;
  /** Student's scores, list by list. */
  readonly scores: readonly Float32Array[];
}

/** A token's work: backward takes twice as long as forward. */
const FULL_PASS = 3;
const TWO_PASSES = 4;

export class ListGradient {
  private readonly model: TrainableModel;
  private readonly options: GradientOptions;
  private readonly steps: StepCache;
  private readonly masks: DropoutMasks | undefined;

  private constructor(model: TrainableModel, options: GradientOptions) {
    this.model = model;
    this.options = options;
    const { dropout } = options;
    this.masks =
      dropout && dropout.rate > 0 ? new DropoutMasks(model.runtime, dropout.rate, dropout.seed) : undefined;
    this.steps = new StepCache(model);
  }

  static open(model: TrainableModel, options: GradientOptions): ListGradient {
    return new ListGradient(model, options);
  }

  /** Graphs compiled so far: one for each size of chunk. */
  get compiled(): number {
    return this.steps.compiled;
  }

  /**
   * Writes d(scale · mean of the lists' losses) / dθ to `model.grads`, or adds it to what is there.
   * @param draw number of the batch, for dropout: the same number drops the same values
   * @param signal looked at between chunks
   * @throws RankscopeError 'cancelled'; `model.grads` are then of no use
   */
  async gradient(
    lists: readonly TrainingList[],
    scale: number,
    accumulate: boolean,
    { signal, draw = 0 }: { readonly signal?: AbortSignal; readonly draw?: number } = {},
  ): Promise<GradientResult> {
    if (!accumulate) this.model.grads.fill(0);
    if (lists.length === 0) return { loss: 0, scores: [] };
    const prompts = lists.flatMap((list) => list.prompts);
    const chunks = this.chunks(prompts);
    const groups = this.groups(lists);
    const atOnce = groups && FULL_PASS * tokensOf(groups) <= TWO_PASSES * tokensOf(chunks);
    const share = scale / lists.length;
    const flat = atOnce
      ? await this.wholeLists(groups, lists, prompts, share, { signal, draw })
      : await this.forward(chunks, prompts, { signal, draw });

    const scores: Float32Array[] = [];
    const slopes = new Float32Array(prompts.length);
    let [at, loss] = [0, 0];
    for (const list of lists) {
      const own = flat.subarray(at, at + list.prompts.length);
      const result = listLoss(this.options.loss, own, list, this.options);
      slopes.set(
        result.gradient.map((slope) => share * slope),
        at,
      );
      loss += result.loss / lists.length;
      scores.push(own);
      at += list.prompts.length;
    }
    if (!atOnce) await this.backward(chunks, prompts, slopes, { signal, draw });
    return { loss, scores };
  }

  /** Scores of prompts, in their order. */
  async scores(prompts: readonly Int32Array[], signal?: AbortSignal): Promise<Float32Array> {
    return this.forward(this.chunks(prompts), prompts, { signal });
  }

  release(): Promise<void> {
    return this.steps.release();
  }

  private chunks(prompts: readonly Int32Array[]): Chunk[] {
    return chunksOf(
      prompts.map(({ length }) => length),
      this.options.chunkTokens,
    );
  }

  /** @param pass without `draw`: nothing is dropped */
  private async forward(chunks: readonly Chunk[], prompts: readonly Int32Array[], { signal, draw }: Pass) {
    const scores = new Float32Array(prompts.length);
    for (const [run, chunk] of chunks.entries()) {
      refuseCancelled(signal);
      const step = await this.steps.get(this.shape(chunk, 'linear', draw !== undefined), false);
      const padded = padChunk(chunk, prompts, this.model.config.padId);
      const found = await step.run(padded, this.masksOf(draw, run));
      for (const [r, i] of chunk.rows.entries()) scores[i] = found[r]!;
    }
    return scores;
  }

  private async backward(
    chunks: readonly Chunk[],
    prompts: readonly Int32Array[],
    slopes: Float32Array,
    { signal, draw }: Pass,
  ): Promise<void> {
    for (const [run, chunk] of chunks.entries()) {
      refuseCancelled(signal);
      const target = new Float32Array(chunk.height);
      for (const [r, i] of chunk.rows.entries()) target[r] = slopes[i]!;
      // Nothing pulls at these rows: lists without pairs, pairs that lead by the margin.
      if (target.every((slope) => slope === 0)) continue;
      const step = await this.steps.get(this.shape(chunk, 'linear', true), true);
      const padded = padChunk(chunk, prompts, this.model.config.padId);
      await step.run({ ...padded, target }, this.masksOf(draw, run));
    }
  }

  /** Only RankNet's loss is in a graph that takes lists of different sizes. */
  private groups(lists: readonly TrainingList[]): Group[] | undefined {
    if (!['ranknet', 'ranknet-soft'].includes(this.options.loss)) return undefined;
    const lengths = lists.map(({ prompts }) => prompts.map(({ length }) => length));
    return groupsOf(lengths, this.options.chunkTokens);
  }

  /**
   * Scores, and RankNet's gradient in the same run: all rows of a group are one list to the graph's own
   * loss, whose pair weights are 0 between rows of different lists.
   */
  private async wholeLists(
    groups: readonly Group[],
    lists: readonly TrainingList[],
    prompts: readonly Int32Array[],
    share: number,
    { signal, draw }: Pass,
  ): Promise<Float32Array> {
    const scores = new Float32Array(prompts.length);
    for (const [run, group] of groups.entries()) {
      refuseCancelled(signal);
      const { height } = group;
      const target = new Float32Array(height * height);
      let at = 0;
      for (const l of group.lists) {
        const { ranks, probabilities = [] } = lists[l]!;
        const n = ranks.length;
        const isSoft = this.options.loss === 'ranknet-soft';
        const weights = isSoft ? softRankNetWeights(probabilities, n) : rankNetWeights(ranks);
        for (const [k, weight] of weights.entries()) {
          target[(at + Math.floor(k / n)) * height + at + (k % n)] = share * weight;
        }
        at += n;
      }
      const step = await this.steps.get(this.shape(group, 'ranknet', true), true);
      const padded = padChunk(group, prompts, this.model.config.padId);
      const found = await step.run({ ...padded, target }, this.masksOf(draw, run));
      for (const [r, i] of group.rows.entries()) scores[i] = found[r]!;
    }
    return scores;
  }

  private shape({ height, length }: Chunk, loss: LossKind, drops: boolean): TrainingShape {
    const { decoderIds, labelIds, labelWeights, dropout } = this.options;
    const shape = { rows: height, length, decoderIds, labelIds, labelWeights, loss, listSize: height };
    return drops && dropout && this.masks ? { ...shape, dropout: dropout.rate } : shape;
  }

  private masksOf(draw: number | undefined, run: number) {
    const { masks } = this;
    if (!masks || draw === undefined) return undefined;
    return (sites: readonly DropoutSite[]) => masks.of(sites, draw, run);
  }
}

interface Pass {
  readonly signal?: AbortSignal | undefined;
  readonly draw?: number;
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RankscopeError('cancelled', 'Cancelled between two runs of the model.');
}
