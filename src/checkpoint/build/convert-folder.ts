/**
 * From a T5 as it is downloaded from Hugging Face to a checkpoint. Weights are read, quantised and written one after the
 * other; what is wrong with the folder is found before any of them is read.
 */
import type { FolderReader, FolderWriter } from '../../bytes/byte-source.ts';
import { RankscopeError, throwIfCancelled } from '../../errors.ts';
import type { Dtype } from '../../inference/scorer.ts';
import { sizeOf } from '../../onnx/tensor.ts';
import { labelsOf } from '../../ranking/template.ts';
import type { T5Config } from '../../t5/config.ts';
import type { NarrowSide } from '../../t5/forms.ts';
import { parameterShapes } from '../../t5/names.ts';
import { scorerBytes } from '../../t5/stream-scorer.ts';
import { type ModelPlan, planModel } from '../../weights/plan-model.ts';
import { openModel } from '../../weights/read-model.ts';
import type { TensorFile } from '../../weights/tensor-source.ts';
import { type CardWishes, draftConverted } from '../draft-converted.ts';
import { openWeights } from '../find-weights.ts';
import { readConfig, readLicense, readTokenizer } from '../hf-folder.ts';
import type { DtypeMeasure, RankerCard } from '../ranker-card.ts';
import type { Recognised } from '../recognise.ts';
import type { TokenizerFiles } from '../tokenizer-files.ts';
import { type CompareWith, Comparison } from './compare-scorers.ts';
import { ModelFiles, type WrittenFiles } from './model-files.ts';
import { type CardContent, writeCheckpoint } from './write-checkpoint.ts';

/** How far a conversion is. */
export interface ConvertProgress {
  /** `weights` (model.safetensors), `scorer`, or `compare`, which has no bytes. */
  readonly stage: 'weights' | 'scorer' | 'compare';
  /** The file, or what is compared. */
  readonly what: string;
  /** Bytes of all files that are made, of those that will be. */
  readonly done: number;
  readonly total: number;
}

export interface ConvertOptions extends CardWishes {
  readonly dtypes: readonly Dtype[];
  /** Storage of model.safetensors; absent: it is not written. */
  readonly weights?: 'F32' | 'BF16';
  /** int8: the side with 7 bits; absent: the better one where scores are compared, else weights. */
  readonly narrow?: NarrowSide;
  /** Compares every dtype's scores with fp32's; absent: the card has no figures of that. */
  readonly compare?: CompareWith;
  readonly readme?: (card: RankerCard) => string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ConvertProgress) => void;
  readonly onMeasured?: (dtype: Dtype, measure: DtypeMeasure) => void;
}

/** A folder that can be converted. */
export interface OpenedOriginal {
  readonly files: TensorFile;
  readonly plan: ModelPlan;
  /** Absent when only weights and scorers are wanted. */
  readonly tokenizer: TokenizerFiles | undefined;
  readonly draft: CardContent;
  readonly recognised: Recognised;
  close(): Promise<void>;
}

/**
 * Opens and checks everything but the weights' numbers.
 * @param tokenizer false: it need not have one, and gets no card
 * @throws RankscopeError 'missing', 'bad-checkpoint' or 'bad-input' naming the file and what to do
 */
export async function openOriginal(
  folder: FolderReader,
  wishes: CardWishes,
  { tokenizer: wanted = true, signal }: { readonly tokenizer?: boolean; readonly signal?: AbortSignal } = {},
): Promise<OpenedOriginal> {
  const config = await readConfig(folder);
  const { draft, recognised } = draftConverted({ config, license: await readLicense(folder) }, wishes);
  const files = await openWeights(folder, signal);
  try {
    const plan = planModel(config, files.tensors, `${folder.name}config.json`);
    const tokenizer = wanted ? await readTokenizer(folder, plan.config.vocabSize) : undefined;
    // Labels must be tokens that the model has.
    for (const label of draft.templates.flatMap(labelsOf)) tokenizer?.tokenizer.labelId(label);
    return { files, plan, tokenizer, draft, recognised, close: () => files.close() };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/**
 * Converts a folder as it lies, onto a writer; nothing is left in it where that fails.
 * @returns the card; dtypes that were not compared with fp32 have no measures in it
 * @throws RankscopeError 'cancelled', and as `openOriginal` and the writer do
 */
export async function convertFolder(
  folder: FolderReader,
  writer: FolderWriter,
  options: ConvertOptions,
): Promise<RankerCard> {
  const original = await openOriginal(folder, options, { signal: options.signal });
  try {
    return await convertOriginal(original, writer, options);
  } finally {
    await original.close();
  }
}

/** The same of a folder that is open. */
export async function convertOriginal(
  { plan, tokenizer, draft }: OpenedOriginal,
  writer: FolderWriter,
  options: ConvertOptions,
): Promise<RankerCard> {
  const { dtypes, signal, compare, weights, readme, onMeasured } = options;
  if (!tokenizer) throw new RankscopeError('bad-input', `${writer.name}: a checkpoint needs a tokenizer.`);
  try {
    const model = await openModel(plan);
    const report = progressOf(model.config, options);
    const step = (what: string) => {
      throwIfCancelled(signal);
      report('compare', what);
    };
    if (compare) step('scoring with fp32');
    const about = { tokenizer: tokenizer.tokenizer, card: draft };
    const comparison = compare && (await Comparison.start(model, about, compare));
    const side = dtypes.includes('int8') ? await comparison?.int8Side(step) : undefined;
    const measure = async (written: WrittenFiles) => {
      const measures: Partial<Record<Dtype, DtypeMeasure>> = {};
      for (const dtype of dtypes) {
        const known = dtype === 'int8' ? side?.measure : undefined;
        if (!known) step(`comparing ${dtype}`);
        measures[dtype] = known ?? (await comparison!.measure(writer, written, dtype));
        onMeasured?.(dtype, measures[dtype]);
      }
      return { dtypeMeasures: measures, probe: comparison!.cardProbe() };
    };
    return await writeCheckpoint(writer, {
      model,
      dtypes,
      weights,
      readme,
      signal,
      narrow: options.narrow ?? side?.narrow,
      tokenizerJson: tokenizer.tokenizerJson,
      tokenizerConfigJson: tokenizer.tokenizerConfigJson,
      card: draft,
      measure: comparison && measure,
      onProgress: report.file,
    });
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Weights and scorers without a tokenizer and a card: what other software or a test of the weights needs. */
export async function convertWeights(
  { plan }: OpenedOriginal,
  writer: FolderWriter,
  options: Pick<ConvertOptions, 'dtypes' | 'narrow' | 'onProgress' | 'signal'> & {
    readonly weights: 'F32' | 'BF16';
  },
): Promise<WrittenFiles> {
  try {
    const model = await openModel(plan);
    const { signal } = options;
    const files = new ModelFiles(writer, { signal, onProgress: progressOf(model.config, options).file });
    await files.config(model);
    await files.weights(model, options.weights);
    for (const dtype of options.dtypes) await files.scorer(model, dtype, options.narrow);
    await writer.commit();
    return files.written;
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Bytes of all files together, reported as they grow. */
function progressOf(
  config: T5Config,
  { onProgress, dtypes, weights }: Pick<ConvertOptions, 'onProgress' | 'dtypes' | 'weights'>,
) {
  const parameters = [...parameterShapes(config).values()].reduce((sum, dims) => sum + sizeOf(dims), 0);
  const stored = weights === undefined ? 0 : parameters * (weights === 'F32' ? 4 : 2);
  const total = dtypes.reduce((sum, dtype) => sum + scorerBytes(config, dtype).total, stored);
  const files = new Map<string, number>();
  const report = (stage: ConvertProgress['stage'], what: string) => {
    const done = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress?.({ stage, what, done, total });
  };
  const file = (path: string, done: number) => {
    files.set(path, done);
    report(path.startsWith('onnx/') ? 'scorer' : 'weights', path);
  };
  return Object.assign(report, { file });
}
