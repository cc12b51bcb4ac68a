/** Which checkpoints are asked: their cards, read before any model is loaded. */
import { basename, resolve } from 'node:path';
import { readTextFile } from '../../src/bytes/read.ts';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { chooseDtype } from '../../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { slug } from '../cli/file-names.ts';
import { uniqueName } from '../cli/unique-name.ts';
import { nodeFolder } from '../node/folder.ts';

export interface CheckpointPlan {
  readonly folder: string;
  /** Name in tables and files: the folder's, made different from the others'. */
  readonly label: string;
  readonly card: RankerCard;
  readonly dtype: Dtype;
  readonly digest: string;
}

/** Reads the cards; no model is loaded. @throws RankscopeError 'missing' or 'bad-checkpoint' */
export async function planCheckpoints(folders: readonly string[], dtype?: Dtype): Promise<CheckpointPlan[]> {
  const plans: CheckpointPlan[] = [];
  const taken = new Set<string>();
  for (const folder of folders) {
    const source = nodeFolder(folder);
    const card = parseRankerCard(await readTextFile(source, 'ranker.json'), `${source.name}ranker.json`);
    const chosen = chooseDtype(card, 'cpu', dtype);
    const digest = card.files[card.scorers[chosen]!]?.sha256 ?? '';
    const label = uniqueName(slug(basename(resolve(folder))), taken);
    plans.push({ folder, label, card, dtype: chosen, digest });
  }
  return plans;
}
