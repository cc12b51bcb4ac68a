/** From files that were dropped or picked to a stored model: what is at hand needs no second question. */
import type { LocalModel } from '../../../sources/local-files.ts';
import { library, useLibrary } from '../../../state/models/library.ts';
import { hasGpu } from '../../../state/models/stored-models.ts';
import type { Use } from '../../../workers/download-protocol.ts';

/** Which of several ways to use a folder is proposed: blocks where a graphics card takes them, else the first. */
export function proposedUse(uses: readonly Use[], gpu: boolean): number {
  const blocks = uses.findIndex(({ kind, dtype }) => kind === uses[0]?.kind && dtype === 'q8');
  return gpu && uses[0]?.kind === 'checkpoint' && blocks >= 0 ? blocks : 0;
}

export async function openLocal(local: LocalModel | Promise<LocalModel>): Promise<void> {
  await library.lookInto(local);
  const { lookUp } = useLibrary.getState();
  if (lookUp.status !== 'found' || !lookUp.local || lookUp.found.uses.length === 0) return;
  const done = library.download(proposedUse(lookUp.found.uses, hasGpu()));
  library.cancelLookUp();
  await done;
}
