/** A checkpoint laid out in another way, as another program might export it: the scorer answers as before, and its texts are slow. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { proto } from '../../src/onnx/proto.ts';
import { fileDigest } from '../node/digests.ts';

/** Gives a constant of the folder's fp32 scorer another name. */
export async function renameConstant(folder: string): Promise<void> {
  const path = 'onnx/scorer_fp32.onnx';
  const file = join(folder, path);
  const model = proto.ModelProto.decode(readFileSync(file));
  const renamed = (name: string) => (name === 'encoder.final_layer_norm.weight' ? 'other' : name);
  for (const tensor of model.graph!.initializer!) tensor.name = renamed(tensor.name!);
  for (const node of model.graph!.node!) node.input = node.input!.map(renamed);
  const bytes = proto.ModelProto.encode(model).finish();
  writeFileSync(file, bytes);
  const place = join(folder, 'ranker.json');
  const card = JSON.parse(readFileSync(place, 'utf8')) as RankerCard;
  const entry = { bytes: bytes.length, sha256: await fileDigest(file) };
  writeFileSync(place, JSON.stringify({ ...card, files: { ...card.files, [path]: entry } }));
}
