/** Labels by a sentence encoder: cosine of query and passage, mean pooling, unit length. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { float } from '../../src/formats/label-line.ts';
import { passageText } from '../../src/passage-text.ts';
import { rankByScore } from '../../src/ranking/orders.ts';
import type { QueryList } from '../input/lists.ts';
import { peakMemory } from '../node/machine.ts';
import { defaultThreads } from '../node/runtime.ts';
import { SESSION_EXTRA } from '../node/session-options.ts';
import type { Estimate } from '../scoring/measure-calls.ts';
import type { LabelSource } from './source.ts';

export interface EncoderOptions {
  readonly folder: string;
  readonly dtype?: EncoderDtype;
  /** Written before every query or passage: some encoders were trained so ("query: "). */
  readonly queryPrefix?: string;
  readonly passagePrefix?: string;
  readonly threads?: number;
}

/** File endings of the transformers.js layout. */
const SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', q4: '_q4' } as const;
export type EncoderDtype = keyof typeof SUFFIX;
export const ENCODER_DTYPES = Object.keys(SUFFIX) as EncoderDtype[];

/** Vectors kept, so that a passage that many queries share is read once. */
const KEPT = 50_000;
/** Texts measured before the work. */
const PROBE = 16;

/** One text → its unit vector. */
type Encode = (text: string) => Promise<Float32Array>;

/** @throws RankscopeError 'missing' when the folder is not an encoder in the transformers.js layout */
export async function encoderSource(options: EncoderOptions): Promise<LabelSource> {
  const {
    folder,
    dtype = 'fp32',
    queryPrefix = '',
    passagePrefix = '',
    threads = defaultThreads(),
  } = options;
  const model = join(folder, 'onnx', `model${SUFFIX[dtype]}.onnx`);
  for (const file of [join(folder, 'config.json'), join(folder, 'tokenizer.json'), model]) {
    if (existsSync(file)) continue;
    throw new RankscopeError(
      'missing',
      `${file} is not there. An encoder’s folder has config.json, tokenizer.json and onnx/model.onnx (transformers.js layout).`,
    );
  }
  let encode: Encode | undefined;
  let close = async () => {};
  const opened = () => {
    if (!encode) throw new Error('the encoder is not open');
    return encode;
  };
  const texts = ({ query, candidates }: QueryList) => [
    queryPrefix + query.text,
    ...candidates.map(({ passage }) => passagePrefix + passageText(passage)),
  ];
  const plan = (lists: readonly QueryList[]) => ({
    calls: lists.reduce((sum, { candidates }) => sum + 1 + candidates.length, 0),
    upperBound: true, // texts that come again are not read again
  });
  return {
    info: {
      kind: 'encoder',
      name: basename(resolve(folder)),
      digest: await digest(model),
      dtype,
      pooling: 'mean',
      queryPrefix,
      passagePrefix,
    },
    unit: 'texts',
    details: { folder, threads },
    check: () => {},
    plan,
    async open() {
      if (!encode) ({ encode, close } = await openEncoder(folder, dtype, threads));
    },
    async measure(lists): Promise<Estimate | undefined> {
      const sample = lists
        .filter((_, i) => i % Math.ceil(lists.length / PROBE) === 0)
        .map((list) => texts(list).at(-1)!);
      if (sample.length === 0) return undefined;
      await opened()(`${sample[0]} `); // warm, and not yet known
      const began = performance.now();
      for (const text of sample) await opened()(text);
      const rate = sample.length / Math.max(1e-6, (performance.now() - began) / 1000);
      const { calls, upperBound } = plan(lists);
      return {
        calls,
        upperBound,
        seconds: calls / rate,
        probed: sample.length,
        callsPerSecond: rate,
        tokensPerCall: 0,
        memoryBytes: peakMemory(),
      };
    },
    async label(list, { signal, onCalls }) {
      const vectors: Float32Array[] = [];
      for (const text of texts(list)) {
        if (signal?.aborted) return undefined;
        vectors.push(await opened()(text));
        onCalls?.(1);
      }
      const [query, ...passages] = vectors;
      return { ...rankByScore(passages.map((passage) => float(dot(query!, passage)))), decisions: [] };
    },
    dispose: () => close(),
  };
}

/**
 * A text is encoded by itself: in a batch its vector would differ in the last bits with its batch-mates,
 * and a resumed run with it. On a CPU batches gain little.
 */
async function openEncoder(folder: string, dtype: EncoderDtype, threads: number) {
  // Loaded only here: it brings its own runtimes along.
  const { env, pipeline } = await import('@huggingface/transformers');
  const path = resolve(folder);
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(path);
  const extract = await pipeline('feature-extraction', basename(path), {
    dtype,
    device: 'cpu',
    local_files_only: true,
    session_options: {
      intraOpNumThreads: threads,
      extra: SESSION_EXTRA,
    },
  });
  const known = new Map<string, Float32Array>();
  const encode: Encode = async (text) => {
    const kept = known.get(text);
    if (kept) return kept;
    const { data } = await extract(text, { pooling: 'mean', normalize: true });
    const vector = Float32Array.from(data as Float32Array);
    if (known.size >= KEPT) known.delete(known.keys().next().value!);
    known.set(text, vector);
    return vector;
  };
  return { encode, close: async () => void (await extract.dispose()) };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
