/** From weights in memory to a finished folder, its scorers compared with fp32 where that is possible. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileDigest } from '../../src/bytes/byte-source.ts';
import type { ConvertedDraft } from '../../src/checkpoint/draft-converted.ts';
import type { HfTokenizer } from '../../src/checkpoint/hf-folder.ts';
import type { DtypeMeasure, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { throwIfCancelled } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { writeCheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { Comparison } from './compare.ts';
import type { ConvertListener, ConvertRequest } from './convert-types.ts';
import { writeWeightsOnly } from './write-weights-only.ts';

export interface ConvertedContent {
  readonly model: T5Model;
  /** Absent: weights and scorers only, without a card. */
  readonly tokenizer: HfTokenizer | undefined;
  readonly draft: ConvertedDraft;
  readonly weights: 'F32' | 'BF16';
  readonly measuring: boolean;
}

export interface Written {
  /** Of all files but the card. */
  readonly bytes: number;
  readonly dtypeMeasures: Readonly<Partial<Record<Dtype, DtypeMeasure>>>;
}

export async function writeConverted(
  { model, tokenizer, draft, weights, measuring }: ConvertedContent,
  { output, dtypes, threads, signal }: ConvertRequest,
  listener: ConvertListener,
): Promise<Written> {
  const int8 = measuring && dtypes.includes('int8');
  const total = 1 + dtypes.length + (measuring ? 1 + dtypes.length : 0) + (int8 ? 1 : 0);
  let done = 0;
  const step = (what: string) => {
    throwIfCancelled(signal);
    listener.step?.(done++, total, what);
  };
  const content = { model, dtypes, weights, onFile: step };
  if (!tokenizer || !measuring) {
    // A card of an earlier conversion must not vouch for other weights.
    if (!tokenizer) await rm(join(output, 'ranker.json'), { force: true });
    const files = tokenizer
      ? (await writeCheckpointFolder(output, { ...content, ...tokenizer, card: draft })).files
      : await writeWeightsOnly(output, content);
    return { bytes: totalBytes(files), dtypeMeasures: {} };
  }
  step('scoring with fp32');
  const probe = { tokenizer: tokenizer.tokenizer, card: draft };
  const comparison = await Comparison.start(model, probe, threads);
  const side = int8 ? await comparison.int8Side(model, step) : undefined;
  const dtypeMeasures: Partial<Record<Dtype, DtypeMeasure>> = {};
  const note = (dtype: Dtype, measure: DtypeMeasure) => {
    dtypeMeasures[dtype] = measure;
    listener.measured?.(dtype, measure);
  };
  const measure = async ({ scorers, files }: Pick<RankerCard, 'scorers' | 'files'>) => {
    for (const dtype of dtypes) {
      const path = scorers[dtype]!;
      if (dtype === 'int8' && side) {
        note(dtype, side.measure);
      } else if (dtype === 'fp32') {
        note(dtype, comparison.measureFp32(files[path]!.bytes));
      } else {
        step(`comparing ${dtype}`);
        note(dtype, await comparison.measure(new Uint8Array(await readFile(join(output, path)))));
      }
    }
    return dtypeMeasures;
  };
  const full = { ...content, ...tokenizer, narrow: side?.narrow, card: draft, measure };
  const written = await writeCheckpointFolder(output, full);
  return { bytes: totalBytes(written.files), dtypeMeasures };
}

function totalBytes(files: Readonly<Record<string, FileDigest>>): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}
