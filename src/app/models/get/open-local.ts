/** From files that were dropped or picked to a stored model: what is at hand needs no second question. */
import type { LocalModel } from '../../../sources/local-files.ts';
import { library, useLibrary } from '../../../state/models/library.ts';
import { hasGpu } from '../../../state/models/stored-models.ts';
import type { Use } from '../../../workers/download-protocol.ts';

/** Larger fp32 weights are not taken by themselves on a processor (inference/device-policy.ts). */
const SMALL_BYTES = 480e6;

/**
 * Which of several ways to use a folder is proposed: blocks where a graphics card takes them; of a large cross-encoder a form
 * that runs by itself; else the first.
 */
export function proposedUse(uses: readonly Use[], gpu: boolean): number {
  const [first] = uses;
  const find = (dtype: Use['dtype']): number =>
    uses.findIndex((use) => use.kind === first?.kind && use.dtype === dtype);
  const wanted =
    first?.kind === 'checkpoint' && gpu
      ? find('q8')
      : first?.kind === 'text-classification' && first.bytes > SMALL_BYTES
        ? find(gpu ? 'q4' : 'q8')
        : 0;
  return Math.max(0, wanted);
}

export async function openLocal(local: LocalModel | Promise<LocalModel>): Promise<void> {
  await library.lookInto(local);
  const { lookUp } = useLibrary.getState();
  if (lookUp.status !== 'found' || !lookUp.local || lookUp.found.uses.length === 0) return;
  const done = library.download(proposedUse(lookUp.found.uses, hasGpu()));
  library.cancelLookUp();
  await done;
}
