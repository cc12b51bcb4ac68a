/** Checkpoint folders on disk: written, and copied with another card. */
import { join } from 'node:path';
import {
  type CheckpointContent,
  finishCheckpoint,
  writeCheckpoint,
} from '../../src/checkpoint/build/write-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { scorerFiles } from '../../src/checkpoint/scorer-files.ts';
import { RankscopeError } from '../../src/errors.ts';
import { readable, type T5Model } from '../../src/t5/weights.ts';
import { ByteFile } from '../node/byte-file.ts';
import { checkpointWriter } from './folder-writer.ts';
import { modelCard } from './model-card.ts';

export type FolderContent = Omit<CheckpointContent, 'model' | 'readme'> & {
  readonly model: T5Model | CheckpointContent['model'];
};

/**
 * Writes all files, each atomically, `ranker.json` last: a folder without it is unfinished.
 * @returns the card as written.
 */
export function writeCheckpointFolder(folder: string, content: FolderContent): Promise<RankerCard> {
  const { model } = content;
  return writeCheckpoint(checkpointWriter(folder), {
    ...content,
    model: 'read' in model ? model : readable(model),
    readme: modelCard,
  });
}

/**
 * The same checkpoint in another folder with another card: what is measured and made of the weights is taken over, so
 * that it is made once.
 * @param from a folder of this version's, whose card is `made`
 * @param dtypes of its scorers, those that the copy has
 * @throws RankscopeError 'bad-checkpoint' when a file of it is not the one that its card names
 */
export async function copyCheckpointFolder(
  from: string,
  made: RankerCard,
  folder: string,
  { dtypes, card }: Pick<CheckpointContent, 'dtypes' | 'card'>,
): Promise<RankerCard> {
  const chosen = <T>(all: Readonly<Record<string, T>> | undefined) =>
    all && Object.fromEntries(Object.entries(all).filter(([dtype]) => dtypes.includes(dtype as never)));
  const all = (Object.keys(made.scorers) as (typeof dtypes)[number][]).filter((one) => !dtypes.includes(one));
  const others = all.flatMap((dtype) => scorerFiles(made, dtype));
  const files = Object.fromEntries(Object.entries(made.files).filter(([path]) => !others.includes(path)));
  const writer = checkpointWriter(folder);
  for (const [path, { sha256 }] of Object.entries(files)) {
    const source = await ByteFile.open(join(from, path));
    try {
      const sink = await writer.create(path);
      for await (const piece of source.pieces(0, source.size)) await sink.write(piece);
      if ((await sink.close()).sha256 === sha256) continue;
    } finally {
      await source.close();
    }
    const file = join(from, path);
    throw new RankscopeError('bad-checkpoint', `${file} was altered after it was made.`, { file });
  }
  const scorers = Object.fromEntries(dtypes.map((dtype) => [dtype, made.scorers[dtype]!]));
  const written = { scorers, externalData: chosen(made.externalData), files };
  const measured = { dtypeMeasures: chosen(made.dtypeMeasures ?? {}), probe: made.probe };
  return finishCheckpoint(writer, { card, readme: modelCard }, written, measured);
}
