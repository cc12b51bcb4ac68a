/**
 * Writes a checkpoint: the same folder is read by the page, by the trainer and, as far as Hugging Face's own files go,
 * by transformers.
 */
import type { FolderWriter } from '../../bytes/byte-source.ts';
import { throwIfCancelled } from '../../errors.ts';
import type { Dtype } from '../../inference/scorer.ts';
import type { NarrowSide } from '../../t5/forms.ts';
import type { ReadableT5 } from '../../t5/weights.ts';
import type { CardTemplate, RankerCard, TaughtLabels } from '../ranker-card.ts';
import { ModelFiles, type WriteListener, type WrittenFiles } from './model-files.ts';

/** A card but for what follows from the files. */
export type CardContent = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'externalData' | 'files'>;

/** What is found out by asking the scorers. */
export type Measured = Pick<RankerCard, 'dtypeMeasures' | 'probe'>;

export interface CheckpointContent extends WriteListener {
  readonly model: ReadableT5;
  /** Contents of tokenizer.json and tokenizer_config.json. */
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
  readonly dtypes: readonly Dtype[];
  /** int8: the side with 7 bits (src/t5/forms.ts). */
  readonly narrow?: NarrowSide;
  /** Storage of model.safetensors; absent: it is not written, and nothing can be trained from the folder. */
  readonly weights?: 'F32' | 'BF16';
  readonly card: CardContent;
  /** Called when all scorers are written, before the card is, which keeps what it returns. */
  readonly measure?: (written: WrittenFiles) => Promise<Measured>;
  /** README.md of a card; absent: there is none. */
  readonly readme?: (card: RankerCard) => string;
}

/**
 * Writes all files, `ranker.json` last, and commits the folder.
 * @returns the card as written.
 * @throws what reading and writing throw, and 'cancelled'; the caller then discards the folder
 */
export async function writeCheckpoint(writer: FolderWriter, content: CheckpointContent): Promise<RankerCard> {
  const { model, dtypes, signal } = content;
  const files = new ModelFiles(writer, content);
  await files.config(model);
  await files.text('tokenizer.json', content.tokenizerJson);
  await files.text('tokenizer_config.json', content.tokenizerConfigJson);
  if (content.weights) await files.weights(model, content.weights);
  for (const dtype of dtypes) {
    throwIfCancelled(signal);
    await files.scorer(model, dtype, content.narrow);
  }
  const { written } = files;
  return finishCheckpoint(writer, content, written, await content.measure?.(written));
}

/** Writes README.md and the card, which makes the folder whole. */
export async function finishCheckpoint(
  writer: FolderWriter,
  { card, readme, signal }: Pick<CheckpointContent, 'card' | 'readme' | 'signal'>,
  { scorers, externalData, files }: WrittenFiles,
  { dtypeMeasures, probe }: Measured = {},
): Promise<RankerCard> {
  const whole: RankerCard = {
    format: 'rankscope-checkpoint',
    version: 1,
    ...card,
    scorers,
    externalData,
    files,
    provenance: { ...card.provenance, taught: taughtLabels(card.templates) },
    dtypeMeasures,
    probe,
  };
  throwIfCancelled(signal);
  const last = new ModelFiles(writer);
  if (readme) await last.text('README.md', readme(whole));
  await last.text('ranker.json', `${JSON.stringify(whole, null, 2)}\n`);
  await writer.commit();
  return whole;
}

/** Labels of the templates that it was trained on: what an edited card is held to. */
const taughtLabels = (templates: readonly CardTemplate[]): TaughtLabels[] =>
  templates.flatMap((template) =>
    template.trained === false || !('labels' in template)
      ? []
      : [{ template: template.id, labels: template.labels }],
  );
