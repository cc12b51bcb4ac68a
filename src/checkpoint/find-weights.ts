/** Opens the weights of a folder, whichever of Hugging Face's files holds them. */
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { refusePointer } from '../bytes/lfs-pointer.ts';
import { RankscopeError } from '../errors.ts';
import { safetensorsFile } from '../weights/safetensors-file.ts';
import { openSharded } from '../weights/sharded.ts';
import type { TensorFile } from '../weights/tensor-source.ts';
import { torchFile } from '../weights/torch/torch-file.ts';
import { otherWeights, weightsNamed } from './weight-names.ts';

type Read = (file: ByteSource) => Promise<TensorFile>;

const readerOf = (file: string): Read => (file.startsWith('model.') ? safetensorsFile : torchFile);

/**
 * Opens the weights; tensors are read when asked for.
 * @throws RankscopeError 'missing' or 'bad-checkpoint' that says what lies there instead.
 */
export async function openWeights(folder: FolderReader, signal?: AbortSignal): Promise<TensorFile> {
  const names = (await folder.list(signal)).map(({ path }) => path);
  const file = weightsNamed(names);
  if (file !== undefined) {
    const open = async (path: string) => openFile(await folder.open(path, signal), readerOf(file));
    return file.endsWith('.index.json') ? openSharded(folder, file, open) : open(file);
  }
  const path = folder.name.replace(/\/$/, '');
  const other = otherWeights(names);
  if (other) throw new RankscopeError('missing', `${path}: ${other.says}.`, { file: other.file });
  throw new RankscopeError(
    'missing',
    `${path} has no weights: model.safetensors or pytorch_model.bin, each whole or in shards with an index.`,
  );
}

async function openFile(file: ByteSource, read: Read): Promise<TensorFile> {
  try {
    await refusePointer(file);
    return await read(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}
