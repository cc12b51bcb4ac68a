/**
 * First embeddings for the vocabulary: what the sentence encoder makes of each piece read alone,
 * reduced to a few dimensions. Synonyms start as neighbours (treatment: therapy, cure), which a
 * small model could never learn from the little text it sees.
 */

import type { Piece } from '../../../src/tokenizer/tokenizer-json.ts';
import { encoderDims } from '../data/encoder.ts';
import { principalComponents } from './principal.ts';

/** What the encoder reads for a piece: its letters without the word-start mark; '' for pieces without a reading. */
export function pieceText(piece: string): string {
  return /^<.*>$/.test(piece) ? '' : piece.replaceAll('▁', '').replace(/:$/, '');
}

/** In how many passages each id stands: [vocabulary]. */
export function documentFrequencies(
  offsets: Uint32Array,
  tokens: Uint16Array,
  vocabulary: number,
): Uint32Array {
  const frequency = new Uint32Array(vocabulary);
  const lastSeen = new Int32Array(vocabulary).fill(-1);
  for (let p = 0; p + 1 < offsets.length; p++) {
    for (let at = offsets[p]!; at < offsets[p + 1]!; at++) {
      const id = tokens[at]!;
      if (lastSeen[id] === p) continue;
      lastSeen[id] = p;
      frequency[id]!++;
    }
  }
  return frequency;
}

/**
 * Start vectors [pieces × dims]: principal components of the pieces' encoder vectors weighted by
 * √(document frequency), each component divided by the fourth root of its variance (evens the strong
 * ones out without blowing up noise), each row scaled to rms 1. Pieces without a reading are zero.
 *
 * @param read encoder vectors of the pieces [pieces × 384]
 */
export function tokenVectors(
  pieces: readonly string[],
  read: Float32Array,
  frequencies: Uint32Array,
  dims: number,
): Float32Array {
  const weights = pieces.map((piece, id) => (pieceText(piece) === '' ? 0 : Math.sqrt(frequencies[id]!)));
  const { mean, vectors, variances } = principalComponents(read, encoderDims, weights);
  const result = new Float32Array(pieces.length * dims);
  for (let id = 0; id < pieces.length; id++) {
    if (pieceText(pieces[id]!) === '') continue;
    const row = result.subarray(id * dims, (id + 1) * dims);
    let square = 0;
    for (let k = 0; k < dims; k++) {
      let dot = 0;
      for (let d = 0; d < encoderDims; d++) {
        dot += vectors[k * encoderDims + d]! * (read[id * encoderDims + d]! - mean[d]!);
      }
      row[k] = dot / Math.max(variances[k]!, 1e-9) ** 0.25;
      square += row[k]! ** 2;
    }
    const scale = 1 / Math.max(Math.sqrt(square / dims), 1e-9);
    for (let k = 0; k < dims; k++) row[k] = row[k]! * scale;
  }
  return result;
}

/** Pieces of a tokenizer.json of ours, in id order. */
export function piecesOf(tokenizer: { readonly model: { readonly vocab: readonly Piece[] } }): string[] {
  return tokenizer.model.vocab.map(([piece]) => piece);
}
