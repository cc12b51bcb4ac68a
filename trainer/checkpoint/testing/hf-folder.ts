/** A folder as Hugging Face keeps a T5: tiny, with random weights, in any of the forms of weights. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeT5Config } from '../../../src/t5/config.ts';
import { writeSafetensors } from '../../../src/t5/safetensors.ts';
import type { T5Model, WeightMap } from '../../../src/t5/weights.ts';
import { tinyModel, tinyTokenizer } from '../../testing/tiny-checkpoint.ts';
import { floatStorage, torchZip } from '../../testing/torch-writer.ts';

export type WeightForm = 'safetensors' | 'bf16' | 'sharded' | 'bin' | 'bin-sharded';

export interface HfOptions {
  readonly form?: WeightForm;
  readonly model?: T5Model;
  /** Fields of config.json beside the model's. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tokenizer?: boolean;
}

/** Writes the folder and returns the model in it. */
export function writeHfFolder(path: string, options: HfOptions = {}): T5Model {
  const { form = 'safetensors', model = tinyModel({ seed: 3 }), config = {}, tokenizer = true } = options;
  mkdirSync(path, { recursive: true });
  const write = (name: string, data: string | Uint8Array) => writeFileSync(join(path, name), data);
  write('config.json', JSON.stringify({ ...writeT5Config(model.config), ...config }));
  if (tokenizer) {
    const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
    write('tokenizer.json', tokenizerJson);
    write('tokenizer_config.json', tokenizerConfigJson);
  }
  const names = [...model.weights.keys()];
  const halves = [names.slice(0, 9), names.slice(9)].map((list) => pick(model.weights, list));
  const sharded = (stem: string, end: string, bytes: (weights: WeightMap) => Uint8Array) => {
    const file = (i: number) => `${stem}-0000${i + 1}-of-00002.${end}`;
    const weightMap = Object.fromEntries(
      halves.flatMap((half, i) => [...half.keys()].map((name) => [name, file(i)])),
    );
    for (const [i, half] of halves.entries()) write(file(i), bytes(half));
    write(`${stem}.${end}.index.json`, JSON.stringify({ metadata: {}, weight_map: weightMap }));
  };
  if (form === 'safetensors') write('model.safetensors', writeSafetensors(model.weights));
  if (form === 'bf16') write('model.safetensors', writeSafetensors(model.weights, 'BF16'));
  if (form === 'bin') write('pytorch_model.bin', torchBytes(model.weights));
  if (form === 'sharded') sharded('model', 'safetensors', (weights) => writeSafetensors(weights));
  if (form === 'bin-sharded') sharded('pytorch_model', 'bin', torchBytes);
  return model;
}

/** The tied head stands in such files once more, as a view of the shared storage. */
function torchBytes(weights: WeightMap): Uint8Array {
  const tensors = [...weights].map(([name, { dims, data }], i) => ({
    name,
    storage: floatStorage(String(i), data),
    shape: dims,
  }));
  const shared = tensors.filter(({ name }) => name === 'shared.weight');
  const aliases = ['encoder.embed_tokens.weight', 'lm_head.weight'].filter((name) => !weights.has(name));
  return torchZip([...tensors, ...shared.flatMap((tensor) => aliases.map((name) => ({ ...tensor, name })))]);
}

function pick(weights: WeightMap, names: readonly string[]): WeightMap {
  return new Map(names.map((name) => [name, weights.get(name)!]));
}
