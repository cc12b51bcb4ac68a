import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { float32 } from '../onnx/tensor.ts';
import { decodeElements, readSafetensors, safetensorsPieces, writeSafetensors } from './safetensors.ts';

const tensors = new Map([
  ['a.weight', float32([2, 3], [1, -2, 0.5, 3e-20, 65504, -1e30])],
  ['empty', float32([0, 4], [])],
  ['b', float32([1], [Math.fround(0.1)])],
]);

/** A file from any header and data. */
function fileOf(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return out;
}

function message(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes, 'model.safetensors');
  } catch (error) {
    if (error instanceof RankscopeError) return error.message;
    throw error;
  }
  return 'read';
}

describe('safetensors', () => {
  it('reads back fp32 exactly, in any number of pieces', () => {
    const bytes = writeSafetensors(tensors);
    expect(readSafetensors(bytes, 'x')).toEqual(tensors);
    const pieces = [...safetensorsPieces(tensors)];
    expect(pieces.length).toBe(1 + tensors.size);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(pieces[0]!.length % 8).toBe(0);
  });

  it('rounds bf16 to nearest even', () => {
    const values = [1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -3.25];
    const bytes = writeSafetensors(new Map([['w', float32([5], values)]]), 'BF16');
    expect([...readSafetensors(bytes, 'x').get('w')!.data]).toEqual([1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -3.25]);
  });

  it('decodes every fp16 to the number IEEE 754 says', () => {
    const all = Uint8Array.from({ length: 0x20000 }, (_, i) => (i & 1 ? i >> 9 : (i >> 1) & 0xff));
    const out = new Float32Array(0x10000);
    expect(decodeElements('F16', all, out, 0)).toBe(0x10000);
    const sample = [0, 1, 0x3ff, 0x400, 0x3555, 0x3c00, 0x7bff, 0x7c00, 0x8001, 0xc000, 0xfc00];
    expect(sample.map((half) => out[half])).toEqual(
      // From the standard: value = ±2^(e − 15)·(1 + f/1024), below the smallest exponent ±2^−14·f/1024.
      [
        0,
        2 ** -24,
        1023 * 2 ** -24,
        2 ** -14,
        0.333251953125,
        1,
        65504,
        Infinity,
        -(2 ** -24),
        -2,
        -Infinity,
      ],
    );
    expect(out[0x7c01]).toBeNaN();
  });

  it('decodes from and to any place', () => {
    const bytes = new Uint8Array(11);
    bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 3);
    const out = new Float32Array(4);
    decodeElements('F32', bytes.subarray(3), out, 1);
    expect([...out]).toEqual([0, 1.5, -2, 0]);
  });

  it.each([
    [
      'an unknown dtype',
      { w: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } },
      'tensor w has dtype "I64"',
    ],
    ['no description', { w: null }, 'tensor w has no description'],
    ['a text for a description', { w: 'F32' }, 'tensor w has no description'],
    ['a negative size', { w: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 'no valid shape'],
    ['no offsets', { w: { dtype: 'F32', shape: [1] } }, 'no valid shape or offsets'],
    [
      'a size that does not fit',
      { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } },
      'its size is wrong',
    ],
    ['data beyond the end', { w: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 'outside the file'],
    ['a list', null, 'not a JSON object'],
  ])('refuses a header with %s', (_, header, words) => {
    const text = message(fileOf(header, new Uint8Array(8)));
    expect(text).toContain('model.safetensors: ');
    expect(text).toContain(words);
  });

  it.each([
    ['overlap', [0, 8], [4, 12], 12, 'tensor b overlaps another'],
    ['leave a gap', [0, 8], [12, 20], 20, 'tensor b leaves a gap before it'],
    ['end before the file does', [0, 8], [8, 16], 20, '4 bytes after its last tensor'],
  ] as const)('refuses tensors that %s', (_, a, b, dataBytes, words) => {
    const entry = (offsets: readonly number[]) => ({ dtype: 'F32', shape: [2], data_offsets: offsets });
    expect(message(fileOf({ a: entry(a), b: entry(b) }, new Uint8Array(dataBytes)))).toContain(words);
  });

  it('refuses every beginning of a file', () => {
    const bytes = writeSafetensors(tensors);
    for (let length = 0; length < bytes.length; length += 3) {
      expect(message(bytes.subarray(0, length))).toContain('model.safetensors: ');
    }
  });

  it('random changes end in tensors or in a RankscopeError', () => {
    const base = writeSafetensors(tensors);
    const changes = fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Uint8Array.from(base);
        for (const [at, value] of list) bytes[at] = value;
        message(bytes);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), (header) => void message(fileOf(header))),
      { numRuns: 500 },
    );
  });
});
