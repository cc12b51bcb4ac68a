/**
 * Embeds many texts in shards on disk. A shard is written whole or not at all, so that a run that
 * was stopped continues with the first missing shard and ends with the same bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { throwIfCancelled } from '../../../src/errors.ts';
import { encoderDims, type SentenceEncoder } from './encoder.ts';

/** Texts per shard: about 20–40 seconds of work for passages. */
const shardTexts = 2048;
const batchTexts = 32;

export interface EmbedOptions {
  readonly folder: string;
  readonly name: string;
  readonly maxTokens: number;
  readonly log: (line: string) => void;
  /** Ends the work between two shards. */
  readonly signal?: AbortSignal;
}

/**
 * Unit vectors for `texts`, [texts × 384], from shards `folder/name-<digest>-0000.f32` or made now.
 * The digest in a shard's name covers its texts: changed texts are embedded anew, never mixed up.
 */
export async function embedTexts(
  encoder: () => Promise<SentenceEncoder>,
  texts: readonly string[],
  options: EmbedOptions,
): Promise<Float32Array> {
  const all = new Float32Array(texts.length * encoderDims);
  const started = performance.now();
  let made = 0;
  for (let from = 0; from < texts.length; from += shardTexts) {
    throwIfCancelled(options.signal);
    const part = texts.slice(from, from + shardTexts);
    const path = shardPath(options, from / shardTexts, part);
    let vectors: Float32Array;
    if (existsSync(path)) {
      const bytes = readFileSync(path);
      vectors = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    } else {
      vectors = await embedShard(await encoder(), part, options.maxTokens);
      writeAtomically(path, vectors);
      made += part.length;
      const rate = (made / (performance.now() - started)) * 1000;
      const left = (texts.length - from - part.length) / rate;
      options.log(
        `${options.name}: ${from + part.length} of ${texts.length}, ${rate.toFixed(0)} per second, ${left.toFixed(0)} s left`,
      );
    }
    all.set(vectors, from * encoderDims);
  }
  return all;
}

/** Names of the shards of these texts: each covers what is in it. */
export function shardNames(texts: readonly string[], options: Omit<EmbedOptions, 'log'>): string[] {
  const names: string[] = [];
  for (let from = 0; from < texts.length; from += shardTexts) {
    names.push(
      shardPath({ ...options, folder: '' }, from / shardTexts, texts.slice(from, from + shardTexts)),
    );
  }
  return names;
}

function shardPath(options: Omit<EmbedOptions, 'log'>, shard: number, texts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([options.maxTokens, texts]))
    .digest('hex');
  return join(options.folder, `${options.name}-${String(shard).padStart(4, '0')}-${digest.slice(0, 12)}.f32`);
}

/** Sorted by length, so that a batch has next to no padding. */
async function embedShard(
  encoder: SentenceEncoder,
  texts: readonly string[],
  maxTokens: number,
): Promise<Float32Array> {
  const tokens = texts.map((text) => encoder.tokenize(text, maxTokens));
  const order = tokens.map((_, i) => i).sort((a, b) => tokens[a]!.length - tokens[b]!.length || a - b);
  const vectors = new Float32Array(texts.length * encoderDims);
  for (let from = 0; from < order.length; from += batchTexts) {
    const batch = order.slice(from, from + batchTexts);
    const rows = await encoder.embed(batch.map((i) => tokens[i]!));
    batch.forEach((i, r) => {
      vectors.set(rows.subarray(r * encoderDims, (r + 1) * encoderDims), i * encoderDims);
    });
  }
  return vectors;
}

/** Writes beside the target and renames: a reader never sees half a file. */
export function writeAtomically(path: string, data: NodeJS.ArrayBufferView | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  writeFileSync(part, data);
  renameSync(part, path);
}
