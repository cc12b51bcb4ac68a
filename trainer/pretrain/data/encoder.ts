/**
 * The sentence encoder that gives the soft labels: all-MiniLM-L6-v2 (22.7 M parameters, Apache-2.0),
 * run directly on onnxruntime-node: mean of the last hidden states over the text, length 1.
 * It is a tool of the trainer; nothing of it is shipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';
import { RankscopeError } from '../../../src/errors.ts';
import { SESSION_EXTRA } from '../../node/session-options.ts';

export const encoderDims = 384;

export interface SentenceEncoder {
  /** Token ids, [CLS] and [SEP] included, at most `maxTokens`. */
  tokenize(text: string, maxTokens: number): Int32Array;
  /** Unit vectors of texts already tokenised: [texts × 384], row-major. Padding is masked out. */
  embed(texts: readonly Int32Array[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Folder of the encoder: RANKSCOPE_ENCODER, else `../shared/models/all-MiniLM-L6-v2`. */
export function encoderFolder(): string {
  return resolve(
    process.env.RANKSCOPE_ENCODER ?? join(import.meta.dirname, '../../../../shared/models/all-MiniLM-L6-v2'),
  );
}

/** Opens the encoder. Throws 'missing' when its folder is not there. */
export async function openEncoder(folder = encoderFolder(), threads = 2): Promise<SentenceEncoder> {
  const model = join(folder, 'onnx', 'model.onnx');
  if (!existsSync(model)) {
    throw new RankscopeError(
      'missing',
      `${model} is not there. Set RANKSCOPE_ENCODER to the encoder's folder.`,
    );
  }
  const tokenizer = new Tokenizer(
    readJson(join(folder, 'tokenizer.json')),
    readJson(join(folder, 'tokenizer_config.json')),
  );
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    enableMemPattern: false,
    // Waiting threads that spin are a loss on a machine that has other work too.
    extra: SESSION_EXTRA,
  });
  return {
    tokenize(text, maxTokens) {
      // Eight characters a token is far more than English needs: no need to split what is cut anyway.
      const ids = tokenizer.encode(text.slice(0, maxTokens * 8)).ids;
      const cut = Int32Array.from(ids.slice(0, maxTokens));
      const end = ids[ids.length - 1];
      if (ids.length > maxTokens && end !== undefined) cut[maxTokens - 1] = end;
      return cut;
    },
    async embed(texts) {
      const rows = texts.length;
      const width = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
      const ids = new BigInt64Array(rows * width);
      const mask = new BigInt64Array(rows * width);
      texts.forEach((text, r) => {
        text.forEach((id, c) => {
          ids[r * width + c] = BigInt(id);
          mask[r * width + c] = 1n;
        });
      });
      const output = await session.run({
        input_ids: new ort.Tensor('int64', ids, [rows, width]),
        attention_mask: new ort.Tensor('int64', mask, [rows, width]),
        token_type_ids: new ort.Tensor('int64', new BigInt64Array(rows * width), [rows, width]),
      });
      const hidden = output.last_hidden_state?.data as Float32Array;
      return meanPool(
        hidden,
        texts.map((text) => text.length),
        width,
      );
    },
    release: () => session.release(),
  };
}

/** Mean over each row's first `lengths[r]` positions of [rows × width × 384], scaled to length 1. */
function meanPool(hidden: Float32Array, lengths: readonly number[], width: number): Float32Array {
  const pooled = new Float32Array(lengths.length * encoderDims);
  lengths.forEach((length, r) => {
    const row = pooled.subarray(r * encoderDims, (r + 1) * encoderDims);
    for (let c = 0; c < length; c++) {
      const at = (r * width + c) * encoderDims;
      for (let d = 0; d < encoderDims; d++) row[d] = row[d]! + hidden[at + d]!;
    }
    let square = 0;
    for (const value of row) square += value * value;
    const scale = 1 / Math.max(Math.sqrt(square), 1e-12);
    for (let d = 0; d < encoderDims; d++) row[d] = row[d]! * scale;
  });
  return pooled;
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}
