/** How a batch is parted: every prompt once, no chunk too large, few sizes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, groupsOf, mostRows, padChunk, paddedLength } from './chunks.ts';

const batches = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 80 }),
  chunkTokens: fc.integer({ min: 1, max: 5000 }),
});

describe('chunksOf', () => {
  it('takes every prompt once, longest first, within the tokens asked for', () => {
    fc.assert(
      fc.property(batches, ({ lengths, chunkTokens }) => {
        const chunks = chunksOf(lengths, chunkTokens);
        const rows = chunks.flatMap((chunk) => chunk.rows);
        expect(rows.toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const { rows: own, height, length } of chunks) {
          expect(length).toBe(paddedLength(Math.max(...own.map((i) => lengths[i]!))));
          expect(height).toBeGreaterThanOrEqual(own.length);
          expect(height).toBeLessThan(own.length * 2);
          if (height > 1) expect(height * length).toBeLessThanOrEqual(chunkTokens);
        }
      }),
    );
  });

  it('parts long prompts from short ones, which would be padded to their length', () => {
    const chunks = chunksOf([300, 40, 290, 40, 40, 40], 1e6);
    expect(chunks.map(({ rows, length }) => [rows, length])).toEqual([
      [[0, 2], 320],
      [[1, 3, 4, 5], 48],
    ]);
  });

  it('has few sizes: rows of a length are a full chunk or one of some remainders', () => {
    const heights = new Set<number>();
    for (let prompts = 1; prompts <= 64; prompts++) {
      for (const { height } of chunksOf(new Array(prompts).fill(128), 64 * 128)) heights.add(height);
    }
    expect([...heights]).toEqual([1, 2, 4, 8, 16, 32, 64]);
  });
});

describe('paddedLength', () => {
  it('wastes at most a step, which doubles with the length', () => {
    expect([0, 1, 16, 17, 250, 256, 257, 300, 512, 513].map(paddedLength)).toEqual([
      ...[16, 16, 16, 32, 256, 256],
      ...[288, 320, 512, 576],
    ]);
  });
});

describe('groupsOf', () => {
  it('keeps lists whole and in order, within the tokens asked for, or says that one does not fit', () => {
    const several = fc.array(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 9 }), { maxLength: 9 });
    fc.assert(
      fc.property(several, fc.integer({ min: 1, max: 3000 }), (lists, chunkTokens) => {
        const flat = lists.flatMap((own, l) => own.map((length, i) => ({ l, i, length })));
        const groups = groupsOf(lists, chunkTokens);
        const fits = (own: number[]) =>
          own.length <= mostRows(paddedLength(Math.max(1, ...own)), chunkTokens);
        expect(groups !== undefined).toBe(lists.every(fits));
        if (!groups) return;
        expect(groups.flatMap((group) => group.lists).toSorted((a, b) => a - b)).toEqual([...lists.keys()]);
        for (const group of groups) {
          const expected = group.lists.flatMap((l) => lists[l]!.map((length, i) => ({ l, i, length })));
          expect(group.rows.map((row) => flat[row]!)).toEqual(expected);
          for (const { length } of expected) expect(length).toBeLessThanOrEqual(group.length);
          expect(group.height).toBeGreaterThanOrEqual(group.rows.length);
          if (group.height > 1) expect(group.height * group.length).toBeLessThanOrEqual(chunkTokens);
        }
      }),
    );
  });
});

describe('padChunk', () => {
  it('fills up with rows of one padding token', () => {
    const prompts = [Int32Array.of(5, 6, 1), Int32Array.of(7, 1)];
    const { ids, mask } = padChunk({ rows: [1, 0], height: 3, length: 16 }, prompts, 9);
    expect([...ids.subarray(0, 3), ...ids.subarray(16, 20), ...ids.subarray(32, 34)]).toEqual([
      ...[7, 1, 9],
      ...[5, 6, 1, 9],
      ...[9, 9],
    ]);
    expect([...mask.subarray(0, 3), ...mask.subarray(16, 20), ...mask.subarray(32, 34)]).toEqual([
      ...[1, 1, 0],
      ...[1, 1, 1, 0],
      ...[1, 0],
    ]);
  });
});
