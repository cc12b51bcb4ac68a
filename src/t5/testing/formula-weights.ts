/**
 * The weights of ../shared/reference/hf-t5/flan-small-by-formula, made as its README defines them:
 * a hash of the parameter's name and the element's index, in doubles, stored as fp32.
 */

/** @param crc CRC-32 of the parameter's name (zlib's; the core has none). */
export function formulaWeights(name: string, dims: readonly number[], crc: number): Float32Array {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const out = new Float32Array(size);
  const norm = name.endsWith('layer_norm.weight');
  const wide = name.includes('relative_attention_bias') || name === 'shared.weight';
  const scale = norm ? 0.1 : wide ? 2 : 2 * Math.sqrt(3 / dims[dims.length - 1]!);
  for (let i = 0; i < size; i++) {
    let x = (i + crc) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d) >>> 0;
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    out[i] = (norm ? 1 : 0) + scale * (x / 2 ** 32 - 0.5);
  }
  return out;
}
