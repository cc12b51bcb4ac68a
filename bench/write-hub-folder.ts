/** A T5 as the hub has it: config, tokenizer, and weights in bf16 in one file. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type T5Config, writeT5Config } from '../src/t5/config.ts';
import { seededRandom } from '../src/t5/init-random.ts';
import { parameterShapes } from '../src/t5/names.ts';
import { streamSafetensors } from '../src/t5/safetensors.ts';
import { tinyTokenizer } from '../trainer/testing/tiny-checkpoint.ts';

/** Random weights: a million of them, over and over. @returns bytes of the weights' file */
export async function writeHubFolder(folder: string, config: T5Config): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(writeT5Config(config)));
  writeFileSync(join(folder, 'tokenizer.json'), tokenizerJson);
  writeFileSync(join(folder, 'tokenizer_config.json'), tokenizerConfigJson);
  const random = seededRandom(1);
  const block = Float32Array.from({ length: 1e6 }, () => 0.05 * random.normal());
  const shapes = parameterShapes(config);
  const read = async (name: string) => {
    const values = new Float32Array(shapes.get(name)!.reduce((product, dim) => product * dim, 1));
    for (let at = 0; at < values.length; at += block.length) {
      values.set(block.subarray(0, Math.min(block.length, values.length - at)), at);
    }
    return values;
  };
  const path = join(folder, 'model.safetensors');
  const file = await open(path, 'w');
  for await (const piece of streamSafetensors(shapes, read, 'BF16')) await file.writeFile(piece);
  await file.close();
  return statSync(path).size;
}
