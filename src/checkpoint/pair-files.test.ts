import { describe, expect, it } from 'vitest';
import { filesOf, isPairFolder, pairsIn } from './pair-files.ts';

const files = (...paths: string[]) => paths.map((path, i) => ({ path, size: 10 + i }));
const onnx = (...names: string[]) => files(...names.map((name) => `onnx/${name}.onnx`));
const words = (...names: string[]) => pairsIn(onnx(...names), {}, 'x/').map(({ word }) => word);
const external = (format: unknown) => ({ 'transformers.js_config': { use_external_data_format: format } });

describe('files of transformers.js’ layout', () => {
  it('are paired by how they are stored, exact ones first', () => {
    const all = ['_quantized', '_q4', '', '_int8', '_uint8', '_fp16'].flatMap((suffix) => [
      `decoder_model_merged${suffix}`,
      `encoder_model${suffix}`,
    ]);
    expect(words(...all)).toEqual(['fp32', 'q4', 'q8', 'int8']);
    expect(words('encoder_model_uint8', 'decoder_model_uint8')).toEqual(['uint8']);
    expect(pairsIn(onnx(...all), {}, 'x/').map(({ dtype, alone }) => [dtype, alone])).toEqual([
      ['fp32', false],
      ['q4', false],
      ['q8', true],
      ['int8', true],
    ]);
  });

  it('take the decoder without branches where there are both, and never one stored otherwise', () => {
    const [pair] = pairsIn(onnx('encoder_model', 'decoder_model_merged', 'decoder_model'), {}, 'x/');
    expect(pair!.decoder.graph.path).toBe('onnx/decoder_model.onnx');
    expect(words('encoder_model_q4', 'decoder_model', 'encoder_model', 'decoder_model_merged_q4')).toEqual([
      'fp32',
      'q4',
    ]);
    expect(() => words('encoder_model_q4', 'decoder_model')).toThrow(
      /no encoder and decoder that are stored alike/,
    );
    expect(() => words('encoder_model', 'decoder_with_past_model')).toThrow(/no decoder_model and no/);
    expect(() => words('decoder_model')).toThrow(/has no encoder_model/);
  });

  it('say why half precision is not used', () => {
    expect(() => words('encoder_model_fp16', 'decoder_model_merged_fp16')).toThrow(
      /x\/onnx\/ has the model only as “fp16”, which is not used: T5 overflows 16-bit floats/,
    );
    expect(() => words('encoder_model_q4f16', 'decoder_model_q4f16')).toThrow(/only as “q4f16”/);
  });

  it('come with the weights beside them', () => {
    const beside = files(
      'onnx/encoder_model.onnx',
      'onnx/encoder_model.onnx_data',
      'onnx/decoder_model_merged.onnx',
      'onnx/decoder_model_merged.onnx_data',
      'onnx/decoder_model_merged.onnx_data_1',
      'onnx/decoder_model_merged.onnx_data_3',
    );
    for (const config of [
      {},
      external(true),
      external({ 'encoder_model.onnx': 1, decoder_model_merged: 2 }),
    ]) {
      const [pair] = pairsIn(beside, config, 'x/');
      expect(filesOf(pair!).map(({ path }) => path)).toEqual(beside.slice(0, 5).map(({ path }) => path));
    }
    expect(() => pairsIn(beside, external({ decoder_model_merged: 3 }), 'x/')).toThrow(
      /x\/onnx\/decoder_model_merged\.onnx_data_2 is missing: config\.json says/,
    );
  });

  it('are passed over for a complete one', () => {
    const listed = onnx('encoder_model', 'decoder_model', 'encoder_model_q4', 'decoder_model_merged_q4');
    const pairs = pairsIn(listed, external({ 'encoder_model.onnx': true }), 'x/');
    expect(pairs.map(({ word }) => word)).toEqual(['q4']);
    // A number for all files was meant for those that transformers.js loads.
    const merged = files(
      ...['encoder_model', 'decoder_model_merged'].flatMap((name) => [
        `onnx/${name}.onnx`,
        `onnx/${name}.onnx_data`,
      ]),
      'onnx/decoder_model.onnx',
    );
    expect(pairsIn(merged, external(1), 'x/')[0]!.decoder.graph.path).toBe('onnx/decoder_model_merged.onnx');
  });

  it('are told from other folders', () => {
    expect(isPairFolder(onnx('encoder_model_fp16'))).toBe(true);
    expect(isPairFolder(files('onnx/scorer_int8.onnx', 'ranker.json'))).toBe(false);
    expect(isPairFolder(files('onnx/model.onnx', 'encoder_model.onnx'))).toBe(false);
  });
});
