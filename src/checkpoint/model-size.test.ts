import { expect, it } from 'vitest';
import { modelSize } from './model-size.ts';

it('counts a scorer and what lies beside it', () => {
  const files = {
    'onnx/scorer_int8.onnx': { bytes: 1e6, sha256: '' },
    'onnx/scorer_int8.onnx_data': { bytes: 247e6, sha256: '' },
    'onnx/scorer_q8.onnx': { bytes: 280e6, sha256: '' },
    'tokenizer.json': { bytes: 5e6, sha256: '' },
  };
  const scorers = { int8: 'onnx/scorer_int8.onnx', q8: 'onnx/scorer_q8.onnx' };
  expect(modelSize({ name: 'base', scorers, files }, 'fused-t5')).toEqual({
    name: 'base',
    parameters: 248e6,
    bytes: { int8: 248e6, q8: 280e6 },
  });
});

it('counts encoder and decoder of a folder in two parts, by its listing', () => {
  const listing = [
    { path: 'onnx/encoder_model.onnx', size: 140e6 },
    { path: 'onnx/decoder_model_merged.onnx', size: 2e6 },
    { path: 'onnx/decoder_model_merged.onnx_data', size: 230e6 },
    { path: 'onnx/decoder_model_merged_quantized.onnx', size: 60e6 },
  ];
  const scorers = { fp32: 'onnx/decoder_model_merged.onnx' };
  const size = modelSize({ name: 'small', scorers, files: {} }, 'encoder-decoder', listing);
  expect(size).toMatchObject({ bytes: { fp32: 372e6 }, parameters: 93e6, processorOnly: ['q8', 'int8'] });
});
