/** Which of Hugging Face's files holds the weights of a folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../src/bytes/byte-errors.ts';
import { RankscopeError } from '../../src/errors.ts';
import type { TensorFile } from '../../src/weights/tensor-source.ts';
import { openSafetensors } from '../weights/safetensors-file.ts';
import { openTorchFile } from '../weights/torch/torch-file.ts';
import { openSharded } from './sharded.ts';

/** In the order in which transformers prefers them. */
const FORMATS: readonly (readonly [file: string, open: (path: string) => Promise<TensorFile>])[] = [
  ['model.safetensors', openSafetensors],
  ['model.safetensors.index.json', (path) => openSharded(path, openSafetensors)],
  ['pytorch_model.bin', openTorchFile],
  ['pytorch_model.bin.index.json', (path) => openSharded(path, openTorchFile)],
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

/** @throws RankscopeError 'missing' or 'bad-checkpoint' that says what lies there instead. */
export async function openWeights(folder: string): Promise<TensorFile> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new RankscopeError(
      'missing',
      `${folder} cannot be read: ${reasonOf(error)}. Give the model's folder.`,
    );
  }
  const format = FORMATS.find(([file]) => names.includes(file));
  if (format) return format[1](join(folder, format[0]));
  for (const [pattern, advice] of OTHERS) {
    const name = names.find((file) => pattern.test(file));
    if (name !== undefined)
      throw new RankscopeError('missing', `${folder}: ${name} ${advice}.`, { file: name });
  }
  throw new RankscopeError(
    'missing',
    `${folder} has no weights: model.safetensors or pytorch_model.bin, each whole or in shards with an index.`,
  );
}
