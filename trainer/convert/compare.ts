/** What a dtype costs in exactness: its scores beside fp32's, on prompts of the samples. */
import type { DtypeMeasure } from '../../src/checkpoint/ranker-card.ts';
import type { NarrowSide } from '../../src/t5/forms.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import {
  compareScores,
  type ProbeModel,
  type ProbeScores,
  probeScores,
} from '../checkpoint/measure-scorers.ts';
import { nodeRuntime } from '../node/runtime.ts';

export class Comparison {
  private readonly probe: ProbeModel;
  private readonly reference: ProbeScores;
  private readonly threads: number | undefined;

  private constructor(probe: ProbeModel, reference: ProbeScores, threads: number | undefined) {
    this.probe = probe;
    this.reference = reference;
    this.threads = threads;
  }

  /** Scores with fp32, once. */
  static async start(
    model: T5Model,
    { tokenizer, card }: Pick<ProbeModel, 'tokenizer' | 'card'>,
    threads?: number,
  ): Promise<Comparison> {
    const probe = { config: model.config, tokenizer, card };
    const reference = await probeScores(buildScorer(model, 'fp32'), probe, nodeRuntime(threads));
    return new Comparison(probe, reference, threads);
  }

  /** @param scorer the bytes of a scorer file. */
  async measure(scorer: Uint8Array): Promise<DtypeMeasure> {
    const { probe, reference, threads } = this;
    const scores = await probeScores(scorer, probe, nodeRuntime(threads));
    return compareScores(scorer.length, scores, reference, probe.card.templates);
  }

  /** What fp32 itself would measure, without asking again. */
  measureFp32(bytes: number): DtypeMeasure {
    const { reference, probe } = this;
    return compareScores(bytes, reference, reference, probe.card.templates);
  }

  /** The side of int8 that loses less by having 7 bits in this model. @param step called before each. */
  async int8Side(model: T5Model, step: (what: string) => void) {
    const measured = async (narrow: NarrowSide) => {
      step(`comparing int8 with 7-bit ${narrow}`);
      return { narrow, measure: await this.measure(buildScorer(model, 'int8', { narrow })) };
    };
    const weights = await measured('weights');
    const activations = await measured('activations');
    return activations.measure.scoreError < weights.measure.scoreError ? activations : weights;
  }
}
