/** A model's configuration and weights in a folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeT5Config } from '../../src/t5/config.ts';
import { readSafetensors, writeSafetensors } from '../../src/t5/safetensors.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';
import { writeWhole } from './state.ts';

/** Writes config.json and fp32 model.safetensors; the weights last, so that a folder with them is whole. */
export function saveModel(folder: string, model: T5Model): void {
  writeWhole(join(folder, 'config.json'), JSON.stringify(writeT5Config(model.config), null, 2));
  writeWhole(join(folder, 'model.safetensors'), writeSafetensors(model.weights));
}

export function hasModel(folder: string): boolean {
  return existsSync(join(folder, 'model.safetensors'));
}

export function loadModel(folder: string): T5Model {
  const path = join(folder, 'model.safetensors');
  const tensors = readSafetensors(readFileSync(path), path);
  return makeT5(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), tensors, `${folder}/`);
}
