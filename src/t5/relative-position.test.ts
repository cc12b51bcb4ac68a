/** Relative position bias against vectors from onnxruntime's own test suite (../shared/reference/t5). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { biasTable, reach, relativeBucket } from './relative-position.ts';

const FILE = new URL('../../../shared/reference/t5/relative_position_vectors.json', import.meta.url).pathname;

interface Case {
  num_buckets: number;
  max_distance: number;
  heads: number;
  seq_len: number;
  bidirectional: boolean;
  bias_table: number[][];
  output: number[];
}

describe.skipIf(!existsSync(FILE))(
  'relative position (skipped when ../shared/reference/t5 is missing)',
  () => {
    it('equals the reference vectors, by bucket and by baked table', () => {
      const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };
      expect(cases.length).toBeGreaterThan(0);
      for (const item of cases) {
        const options = {
          buckets: item.num_buckets,
          maxDistance: item.max_distance,
          bidirectional: item.bidirectional,
        };
        const table = biasTable(item.bias_table.flat(), item.heads, options);
        const span = reach(options);
        let at = 0;
        for (let head = 0; head < item.heads; head++) {
          for (let query = 0; query < item.seq_len; query++) {
            for (let key = 0; key < item.seq_len; key++) {
              const relative = key - query;
              expect(item.bias_table[relativeBucket(relative, options)]![head]).toBe(item.output[at]);
              const clipped = Math.max(-span, Math.min(span, relative));
              expect(table[(clipped + span) * item.heads + head]).toBe(item.output[at]);
              at++;
            }
          }
        }
      }
    });
  },
);

describe('buckets', () => {
  it('are monotonic in distance and constant beyond the reach', () => {
    const options = { buckets: 32, maxDistance: 128, bidirectional: true };
    for (let distance = 1; distance < 400; distance++) {
      const bucket = relativeBucket(-distance, options);
      expect(bucket).toBeGreaterThanOrEqual(relativeBucket(1 - distance, options));
      expect(relativeBucket(distance, options)).toBe(bucket + 16);
      if (distance >= 128) expect(bucket).toBe(15);
    }
  });
});
