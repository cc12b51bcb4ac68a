import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PostingList } from './posting-list.ts';

describe('PostingList', () => {
  it('is a map of passages to occurrences, in corpus order, short and long', () => {
    const ascending = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1000 })), { maxLength: 200 })
      .map((steps) => {
        let passage = -1;
        return steps.map(([step, occurrences]) => {
          passage += step;
          return [passage, occurrences] as const;
        });
      });
    fc.assert(
      fc.property(ascending, (entries) => {
        const list = new PostingList();
        for (const [passage, occurrences] of entries) {
          // As MiniSearch does it: first 1, then one more for each occurrence.
          list.set(passage, 1);
          list.set(passage, occurrences);
        }
        const map = new Map(entries);
        expect(list.size).toBe(map.size);
        expect([...list.keys()]).toEqual([...map.keys()]);
        expect(Array.from(list.pairs.slice(0, 2 * list.size))).toEqual(entries.flat());
        for (let passage = -1; passage <= (entries.at(-1)?.[0] ?? 0) + 1; passage++) {
          expect(list.get(passage)).toBe(map.get(passage));
        }
      }),
    );
  });

  it('refuses passages out of order', () => {
    const list = new PostingList().set(3, 1);
    expect(() => list.set(2, 1)).toThrow('order');
  });
});
