/** Names of the files that a model in transformers.js' layout consists of. */
import { CLASSIFIER } from './classifier-files.ts';
import { DECODERS, ENCODER } from './pair-files.ts';

const SMALL = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'spiece.model',
  'README.md',
];
const GRAPHS = new RegExp(
  `^onnx/(${[CLASSIFIER, ENCODER, ...DECODERS].join('|')})(_[a-z0-9]+)?\\.onnx(_data(_\\d+)?)?$`,
);

export const isModelFile = (path: string): boolean => SMALL.includes(path) || GRAPHS.test(path);
