import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { TrainingSet } from './data/training-set.ts';
import { binaryTarget, draw, drawAnswer, drawList, drawPair, listTarget } from './sampling.ts';

const options = { temperature: 0.05, judgedShare: 0.3 };

/** One query with six candidates; the third is the best by soft label, the fourth is judged. */
function tinySet(): TrainingSet {
  const meta = {
    version: 1 as const,
    passages: 6,
    queries: 1,
    candidates: 6,
    vocabulary: 9,
    collections: ['x'],
  };
  return new TrainingSet(meta, {
    passageOffsets: Uint32Array.of(0, 1, 2, 3, 4, 5, 6),
    passageTokens: Uint16Array.of(3, 4, 5, 6, 7, 8),
    queryOffsets: Uint32Array.of(0, 2),
    queryTokens: Uint16Array.of(3, 5),
    queryPart: Uint8Array.of(0),
    queryCollection: Uint8Array.of(0),
    candidateOffsets: Uint32Array.of(0, 6),
    candidatePassage: Uint32Array.of(0, 1, 2, 3, 4, 5),
    candidateCosine: Float32Array.of(0.1, 0.2, 0.8, 0.7, 0.0, 0.3),
    candidateGrade: Uint8Array.of(0, 0, 0, 1, 0, 0),
    candidateRank: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
}

describe('sampling', () => {
  it('draws different indices', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 50; i++) {
      const drawn = draw(random, 7, 4);
      expect(new Set(drawn).size).toBe(4);
      expect(drawn.every((index) => index >= 0 && index < 7)).toBe(true);
    }
    expect(draw(random, 3, 9)).toHaveLength(3);
  });

  it('makes list targets that sum to 1 and favour the judged passage', () => {
    const target = listTarget([0.7, 0.7, 0.1], [0, 1, 0], options);
    expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
    expect(target[1]! - target[0]!).toBeCloseTo(0.3);
    expect(listTarget([0.7, 0.7], [0, 0], options)).toEqual([0.5, 0.5]);
  });

  it('has the best candidate in about 90 % of lists of half the candidates', () => {
    const random = seededRandom(2);
    const set = tinySet();
    let found = 0;
    for (let i = 0; i < 1000; i++) {
      const list = drawList(set, 0, 3, random, options)!;
      expect(new Set(list.passages).size).toBe(3);
      if (list.passages.includes(2)) found++;
    }
    // By chance in half of them, put there in 80 % of the rest.
    expect(found).toBeGreaterThan(860);
    expect(found).toBeLessThan(940);
    expect(drawList(set, 0, 7, random, options)).toBeUndefined();
  });

  it('turns pair targets with the order of the pair', () => {
    const random = seededRandom(4);
    const set = tinySet();
    const seen = new Map<string, number>();
    for (let i = 0; i < 300; i++) {
      const { a, b, target } = drawPair(set, 0, random, { ...options, bestShare: 0.5 })!;
      expect(a).not.toBe(b);
      seen.set(`${a} ${b}`, target);
    }
    for (const [key, target] of seen) {
      const mirrored = seen.get(key.split(' ').reverse().join(' '));
      if (mirrored !== undefined) expect(target + mirrored).toBeCloseTo(1, 6);
    }
    // Judged against best: the soft label says best, the judgment pulls by 0.3.
    const soft = 1 / (1 + Math.exp(-2));
    expect(seen.get('2 3')).toBeCloseTo(0.7 * soft, 5);
  });

  it('puts the threshold at one half', () => {
    expect(binaryTarget(0.45, options, 0.45)).toBe(0.5);
    expect(binaryTarget(0.7, options, 0.45)).toBeGreaterThan(0.99);
  });
});

describe('drawAnswer', () => {
  /** Queries 0 and 1 are judged for passages 0 and 1, query 2 for both; query 3 is of another collection. */
  const judged = [[0], [1], [0, 1], [2]];
  const set = new TrainingSet(
    { version: 1, passages: 3, queries: 4, candidates: 12, vocabulary: 9, collections: ['x', 'y'] },
    {
      passageOffsets: Uint32Array.of(0, 1, 2, 3),
      passageTokens: Uint16Array.of(3, 4, 5),
      queryOffsets: Uint32Array.of(0, 1, 2, 3, 4),
      queryTokens: Uint16Array.of(3, 4, 5, 6),
      queryPart: Uint8Array.of(0, 0, 0, 0),
      queryCollection: Uint8Array.of(0, 0, 0, 1),
      candidateOffsets: Uint32Array.of(0, 3, 6, 9, 12),
      candidatePassage: Uint32Array.from(judged.flatMap(() => [0, 1, 2])),
      candidateCosine: new Float32Array(12),
      candidateGrade: Uint8Array.from(
        judged.flatMap((own) => [0, 1, 2].map((p) => (own.includes(p) ? 1 : 0))),
      ),
      candidateRank: new Uint8Array(12).fill(1),
    },
  );

  it('takes a judged passage, and one judged for another query of the collection but not for this one', () => {
    const random = seededRandom(8);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const found = drawAnswer(set, [0, 1, 2, 3], random);
      if (!found) continue;
      const { query, own, foreign } = found;
      expect(judged[query]).toContain(own);
      expect(judged[query]).not.toContain(foreign);
      seen.add(`${query} ${own} ${foreign}`);
    }
    // Query 2 has no foreign passage in its collection, query 3 no other query.
    expect([...seen].sort()).toEqual(['0 0 1', '1 1 0']);
  });
});
