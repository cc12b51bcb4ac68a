/** Which of Hugging Face's files holds the weights of a folder. */
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { refusePointer } from '../bytes/lfs-pointer.ts';
import { RankscopeError } from '../errors.ts';
import { safetensorsFile } from '../weights/safetensors-file.ts';
import { openSharded } from '../weights/sharded.ts';
import type { TensorFile } from '../weights/tensor-source.ts';
import { torchFile } from '../weights/torch/torch-file.ts';

type Read = (file: ByteSource) => Promise<TensorFile>;

/** In the order in which transformers prefers them; an index names its shards. */
const FORMATS: readonly (readonly [file: string, read: Read])[] = [
  ['model.safetensors', safetensorsFile],
  ['model.safetensors.index.json', safetensorsFile],
  ['pytorch_model.bin', torchFile],
  ['pytorch_model.bin.index.json', torchFile],
];

/** What else is found in such folders, and what helps. */
const OTHERS: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /^adapter_model\./,
    'contains an adapter (LoRA): merge it into its base model first (merge_and_unload in peft)',
  ],
  [
    /^model-\d+-of-\d+\.safetensors$/,
    'is one shard: download model.safetensors.index.json and all shards too',
  ],
  [
    /^pytorch_model-\d+-of-\d+\.bin$/,
    'is one shard: download pytorch_model.bin.index.json and all shards too',
  ],
  [/\.msgpack$/, 'contains Flax weights: save them with transformers, from_pretrained(…, from_flax=True)'],
  [/\.h5$/, 'contains TensorFlow weights: save them with transformers, from_pretrained(…, from_tf=True)'],
  [
    /\.(gguf|onnx)$/,
    'cannot be read here: download model.safetensors or pytorch_model.bin of the same model',
  ],
];

/**
 * Opens the weights; tensors are read when asked for.
 * @throws RankscopeError 'missing' or 'bad-checkpoint' that says what lies there instead.
 */
export async function openWeights(folder: FolderReader, signal?: AbortSignal): Promise<TensorFile> {
  const names = (await folder.list(signal)).map(({ path }) => path);
  const format = FORMATS.find(([file]) => names.includes(file));
  if (format) {
    const [file, read] = format;
    const open = async (path: string) => openFile(await folder.open(path, signal), read);
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

/** What lies there in place of weights that can be read, and what helps: a sentence without its full stop. */
export function otherWeights(
  names: readonly string[],
): { readonly file: string; readonly says: string } | undefined {
  for (const [pattern, advice] of OTHERS) {
    const file = names.find((name) => pattern.test(name));
    if (file !== undefined) return { file, says: `${file} ${advice}` };
  }
  return undefined;
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

/** Names of the files that `openWeights` would read, those of shards by their pattern. */
export function weightFiles(names: readonly string[]): string[] {
  const format = FORMATS.find(([file]) => names.includes(file))?.[0];
  if (format === undefined) return [];
  if (!format.endsWith('.index.json')) return [format];
  const [stem, end] = format.startsWith('model.') ? ['model', 'safetensors'] : ['pytorch_model', 'bin'];
  const shard = new RegExp(`^${stem}-\\d+-of-\\d+\\.${end}$`);
  return [format, ...names.filter((name) => shard.test(name))];
}
