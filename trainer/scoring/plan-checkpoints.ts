/** Which checkpoints are asked: their cards, read before any model is loaded. */
import { basename, resolve } from 'node:path';
import { uniqueName } from '../../src/formats/unique-name.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { RemoteModel } from '../../src/remote/remote-model.ts';
import { slug } from '../cli/file-names.ts';
import type { AskedModel } from './asked-model.ts';
import { type ModelFacts, readModel } from './model-folder.ts';

export interface CheckpointPlan extends ModelFacts {
  readonly folder: string;
  /** Name in tables and files: the folder's, made different from the others'. */
  readonly label: string;
  /** A service that is asked instead; `folder` is then its address, and dtype and bytes say nothing. */
  readonly service?: AskedModel & { readonly remote: RemoteModel };
}

/** The same for a service. */
export function planService(service: AskedModel & { readonly remote: RemoteModel }): CheckpointPlan {
  const { card, remote } = service;
  const { digest, dtype } = remote.info;
  return {
    card,
    digest,
    dtype,
    bytes: 0,
    gives: [],
    folder: remote.address.base,
    label: slug(card.name),
    service,
  };
}

/** Reads the cards; no model is loaded. @throws RankscopeError 'missing' or 'bad-checkpoint' */
export async function planCheckpoints(folders: readonly string[], dtype?: Dtype): Promise<CheckpointPlan[]> {
  const plans: CheckpointPlan[] = [];
  const taken = new Set<string>();
  for (const folder of folders) {
    const facts = await readModel(folder, dtype);
    plans.push({ ...facts, folder, label: uniqueName(slug(basename(resolve(folder))), taken) });
  }
  return plans;
}
