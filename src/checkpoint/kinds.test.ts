import { describe, expect, it } from 'vitest';
import { tinyPair } from '../../trainer/testing/tiny-pair.ts';
import { memoryFolder } from '../bytes/memory.ts';
import { KINDS, kindNamed, kindOf } from './kinds.ts';

const listed = (...paths: string[]) => paths.map((path) => ({ path, size: 1 }));

describe('kinds of model folders', () => {
  it('are told by their files; an own card goes before what could be made of the rest', () => {
    const pair = ['onnx/encoder_model_q4.onnx', 'onnx/decoder_model_merged_q4.onnx'];
    expect(kindOf(listed('ranker.json', ...pair))?.id).toBe('fused-t5');
    expect(kindOf(listed('config.json', ...pair))?.id).toBe('encoder-decoder');
    expect(kindOf(listed('config.json', 'model.safetensors', 'tokenizer.json'))).toBeUndefined();
    for (const { id } of KINDS) expect(kindNamed(id).id).toBe(id);
  });

  it('are described before any weight is read', async () => {
    const files = tinyPair({ dtypes: ['fp32', 'q4'], config: { _name_or_path: 'castorini/monot5-base' } });
    const folder = memoryFolder('hub/x/', files);
    const opened: string[] = [];
    const watched = {
      ...folder,
      open: (path: string) => {
        opened.push(path);
        return folder.open(path);
      },
    };
    const list = await folder.list();
    const known = list.map((file) => ({ ...file, sha256: 'a'.repeat(64) }));
    const card = await kindOf(list)!.describe(watched, known);
    expect(card).toMatchObject({ name: 'x', role: 'base', license: 'unknown', limits: { maxTokens: 512 } });
    expect(card.templates.map(({ id }) => id)).toEqual(['monot5']);
    expect(Object.keys(card.scorers)).toEqual(['fp32', 'q4']);
    expect(Object.keys(card.files)).toHaveLength(files.size);
    expect(opened).not.toContain('onnx/encoder_model.onnx');
  });
});
