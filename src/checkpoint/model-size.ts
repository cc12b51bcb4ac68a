/** How large a checkpoint is, as its card or its list of files tells before anything of it is fetched. */
import type { FolderFile } from '../bytes/byte-source.ts';
import { BYTES_PER_PARAMETER, type ModelSize } from '../inference/device-policy.ts';
import type { Dtype } from '../inference/scorer.ts';
import type { CheckpointKindId } from './kind-gives.ts';
import type { RankerCard } from './ranker-card.ts';

/**
 * Weights by dtype, files beside a graph (external data) counted, and from them about how many parameters.
 * @param files of the folder, where its card does not name them
 */
export function modelSize(
  card: Pick<RankerCard, 'name' | 'scorers' | 'files'>,
  kind: CheckpointKindId,
  files: readonly FolderFile[] = [],
): ModelSize {
  const sizes = new Map(Object.entries(card.files).map(([path, file]) => [path, file.bytes]));
  for (const { path, size } of files) sizes.set(path, size);
  const bytes: Partial<Record<Dtype, number>> = {};
  for (const [dtype, path] of Object.entries(card.scorers) as [Dtype, string][]) {
    // In transformers.js' layout the card names the decoder.
    const graphs = new Set([path, path.replace(/decoder_model(_merged)?/, 'encoder_model')]);
    const belongs = (file: string) =>
      [...graphs].some((graph) => file === graph || file.startsWith(`${graph}_data`));
    bytes[dtype] = [...sizes].reduce((sum, [file, size]) => sum + (belongs(file) ? size : 0), 0);
  }
  const [dtype] = Object.keys(bytes) as Dtype[];
  const parameters = dtype ? bytes[dtype]! / BYTES_PER_PARAMETER[dtype] : 0;
  const { name } = card;
  return kind === 'fused-t5'
    ? { name, bytes, parameters }
    : { name, bytes, parameters, processorOnly: ['q8', 'int8'] };
}
