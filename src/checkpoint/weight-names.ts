/**
 * Which of Hugging Face's files holds the weights of a folder, by the names alone: asked by the page, which reads no
 * weights.
 */

/** In the order in which transformers prefers them; an index names its shards. */
const FORMATS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const;

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

/** The file that is opened first: the weights, or the index of their shards. */
export const weightsNamed = (names: readonly string[]): string | undefined =>
  FORMATS.find((file) => names.includes(file));

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

/** Names of the files that `openWeights` (find-weights.ts) would read, those of shards by their pattern. */
export function weightFiles(names: readonly string[]): string[] {
  const format = weightsNamed(names);
  if (format === undefined) return [];
  if (!format.endsWith('.index.json')) return [format];
  const [stem, end] = format.startsWith('model.') ? ['model', 'safetensors'] : ['pytorch_model', 'bin'];
  const shard = new RegExp(`^${stem}-\\d+-of-\\d+\\.${end}$`);
  return [format, ...names.filter((name) => shard.test(name))];
}
