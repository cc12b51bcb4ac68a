/** From weights in memory to a finished folder, its scorers compared with fp32 where that is possible. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../../src/errors.ts';
import type { DtypeMeasure, RankerCard } from '../../src/inference/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { writeCard, writeCheckpointFolder } from '../export/checkpoint-folder.ts';
import type { ConvertedDraft } from './card.ts';
import { Comparison } from './compare.ts';
import type { ConvertListener, ConvertRequest } from './convert-types.ts';
import type { HfFolder } from './hf-folder.ts';

export interface ConvertedContent {
  readonly folder: HfFolder;
  readonly model: T5Model;
  readonly draft: ConvertedDraft;
  readonly weights: 'F32' | 'BF16';
  readonly measuring: boolean;
}

/** @returns the card as written. */
export async function writeConverted(
  { folder, model, draft, weights, measuring }: ConvertedContent,
  { output, dtypes, threads, signal }: ConvertRequest,
  listener: ConvertListener,
): Promise<RankerCard> {
  const int8 = measuring && dtypes.includes('int8');
  const total = 1 + dtypes.length + (measuring ? 1 + dtypes.length : 0) + (int8 ? 1 : 0);
  let done = 0;
  const step = (what: string) => {
    throwIfCancelled(signal);
    listener.step?.(done++, total, what);
  };
  // A card of an earlier conversion must not vouch for files that are replaced one by one.
  const forgetCard = () => rm(join(output, 'ranker.json'), { force: true });
  if (!measuring) {
    await forgetCard();
    const content = { ...folder, model, dtypes, weights, card: draft, onFile: step };
    return writeCheckpointFolder(output, content);
  }
  step('scoring with fp32');
  const comparison = await Comparison.start(model, { tokenizer: folder.tokenizer, card: draft }, threads);
  const side = int8 ? await comparison.int8Side(model, step) : undefined;
  await forgetCard();
  const written = await writeCheckpointFolder(output, {
    ...folder,
    model,
    dtypes,
    narrow: side?.narrow,
    weights,
    card: draft,
    onFile: step,
  });
  const dtypeMeasures: Partial<Record<Dtype, DtypeMeasure>> = {};
  const note = (dtype: Dtype, measure: DtypeMeasure) => {
    dtypeMeasures[dtype] = measure;
    listener.measured?.(dtype, measure);
  };
  for (const dtype of dtypes) {
    const path = written.scorers[dtype]!;
    if (dtype === 'int8' && side) {
      note(dtype, side.measure);
    } else if (dtype === 'fp32') {
      note(dtype, comparison.measureFp32(written.files[path]!.bytes));
    } else {
      step(`comparing ${dtype}`);
      note(dtype, await comparison.measure(new Uint8Array(await readFile(join(output, path)))));
    }
  }
  const card = { ...written, dtypeMeasures };
  await writeCard(output, card);
  return card;
}
