/** What a dtype costs in exactness: its scores beside fp32's, on prompts of the samples, on any runtime. */
import type { FolderWriter } from '../../bytes/byte-source.ts';
import { readAll } from '../../bytes/read.ts';
import { PROBE_TEXTS } from '../../inference/parity.ts';
import type { ExternalData, Runtime } from '../../inference/runtime.ts';
import type { Dtype } from '../../inference/scorer.ts';
import type { NarrowSide } from '../../t5/forms.ts';
import { streamScorer } from '../../t5/stream-scorer.ts';
import type { ReadableT5 } from '../../t5/weights.ts';
import type { CardProbe, DtypeMeasure } from '../ranker-card.ts';
import { scorerFileBytes } from '../scorer-files.ts';
import type { WrittenFiles } from './model-files.ts';
import {
  compareScores,
  type Probed,
  type ProbeModel,
  type ProbeScores,
  probedTemplates,
  probeLabels,
  probeScores,
  type Sample,
} from './probe-scores.ts';

export interface CompareWith {
  readonly runtime: () => Runtime | Promise<Runtime>;
  readonly samples: readonly Sample[];
  /** A folder for the weights of scorers that are made to be compared only; it is discarded after each. */
  readonly scratch: () => FolderWriter;
}

export interface MeasuredSide {
  readonly narrow: NarrowSide;
  readonly measure: DtypeMeasure;
}

export class Comparison {
  private readonly model: ReadableT5;
  private readonly probe: ProbeModel;
  private readonly tools: CompareWith;
  private readonly reference: ProbeScores;
  private readonly logits: Partial<Record<Dtype, readonly number[]>>;

  private constructor(model: ReadableT5, probe: ProbeModel, tools: CompareWith, fp32: Probed) {
    this.model = model;
    this.probe = probe;
    this.tools = tools;
    this.reference = fp32.scores;
    this.logits = { fp32: fp32.logits };
  }

  /** Scores with fp32, once. */
  static async start(
    model: ReadableT5,
    about: Pick<ProbeModel, 'tokenizer' | 'card'>,
    tools: CompareWith,
  ): Promise<Comparison> {
    const probe = { config: model.config, samples: tools.samples, ...about };
    return new Comparison(model, probe, tools, await scoresOf(model, probe, tools, 'fp32'));
  }

  /** A scorer of the folder that is being written. */
  async measure(writer: FolderWriter, written: WrittenFiles, dtype: Dtype): Promise<DtypeMeasure> {
    const { probe, reference } = this;
    const bytes = scorerFileBytes(written, dtype);
    const templates = probedTemplates(probe.card);
    // fp32 would only be asked the same again.
    if (dtype === 'fp32') return compareScores(bytes, reference, reference, templates);
    const model = await readBack(writer, written.scorers[dtype]!);
    const path = written.externalData?.[dtype];
    const data = path === undefined ? undefined : await externalData(writer, path);
    const { scores, logits } = await probeScores(
      { model, externalData: data && [data] },
      probe,
      await this.tools.runtime(),
    );
    // For processors only: no other device is held to it.
    if (dtype !== 'int8') this.logits[dtype] = logits;
    return compareScores(bytes, scores, reference, templates);
  }

  /** Of fp32 and all that has been measured by now. */
  cardProbe(): CardProbe {
    return { prompts: PROBE_TEXTS, labels: probeLabels(this.probe.card), logits: this.logits };
  }

  /** The side of int8 that loses less by having 7 bits in this model. @param step called before each. */
  async int8Side(step: (what: string) => void): Promise<MeasuredSide> {
    const { model, probe, tools, reference } = this;
    const measured = async (narrow: NarrowSide) => {
      step(`comparing int8 with 7-bit ${narrow}`);
      const { scores, bytes } = await scoresOf(model, probe, tools, 'int8', narrow);
      return { narrow, measure: compareScores(bytes, scores, reference, probedTemplates(probe.card)) };
    };
    const weights = await measured('weights');
    const activations = await measured('activations');
    return activations.measure.scoreError < weights.measure.scoreError ? activations : weights;
  }
}

/** Scores of a scorer that is made for this and thrown away. */
async function scoresOf(
  model: ReadableT5,
  probe: ProbeModel,
  tools: CompareWith,
  dtype: Dtype,
  narrow?: NarrowSide,
): Promise<Probed & { readonly bytes: number }> {
  const scratch = tools.scratch();
  const location = `scorer_${dtype}.onnx_data`;
  try {
    const made = await streamScorer(
      model,
      dtype,
      { location, create: () => scratch.create(location) },
      { narrow },
    );
    const data = made.data && (await externalData(scratch, location));
    const scorer = { model: made.model, externalData: data && [data] };
    const probed = await probeScores(scorer, probe, await tools.runtime());
    return { ...probed, bytes: made.model.length + (made.data?.bytes ?? 0) };
  } finally {
    await scratch.discard();
  }
}

async function readBack(writer: FolderWriter, path: string): Promise<Uint8Array> {
  const source = await writer.open(path);
  try {
    return await readAll(source);
  } finally {
    await source.close();
  }
}

async function externalData(writer: FolderWriter, path: string): Promise<ExternalData> {
  const source = await writer.open(path);
  try {
    return { path: path.slice(path.lastIndexOf('/') + 1), data: source.place ?? (await readAll(source)) };
  } finally {
    await source.close();
  }
}
