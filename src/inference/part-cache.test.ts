import { describe, expect, it } from 'vitest';
import { PartCache } from './part-cache.ts';

/** A "token" a word, and a look at what was encoded. */
function counting() {
  const asked: string[] = [];
  const cache = new PartCache((text) => {
    asked.push(text);
    return /[\n(]/.test(text) ? null : [...text].flatMap((c) => (c === ' ' ? [0] : [c.charCodeAt(0)]));
  });
  return { cache, asked };
}
const ids = (text: string) => [...text].map((c) => (c === ' ' ? 0 : c.charCodeAt(0)));

describe('ids of parts', () => {
  it('are looked up, each space with the word behind it', () => {
    const { cache, asked } = counting();
    expect(cache.join(['Is A: ', 'river bank', ' or B: ', 'sea', '?'])).toBeUndefined();
    expect(cache.join(['Is A: ', 'river bank', ' or B: ', 'sea', ' ?'])).toEqual(
      ids('Is A: river bank or B: sea ?'),
    );
    const before = asked.length;
    expect(cache.join(['Is A: ', 'sea', ' or B: ', 'river bank', ' ?'])).toEqual(
      ids('Is A: sea or B: river bank ?'),
    );
    expect(asked.length).toBe(before);
    expect(asked).toContain(' river bank');
  });

  it('are not told where parts meet in a word, at two spaces, or are no plain text', () => {
    const { cache } = counting();
    for (const parts of [
      ['a', 'b'],
      ['a ', ' b'],
      ['a', '  b'],
      ['a ', 'b\n'],
      ['(', ' b'],
      ['a ', '', ' b'],
    ]) {
      expect(cache.join(parts), JSON.stringify(parts)).toBeUndefined();
    }
    expect(cache.join([])).toEqual([]);
    expect(cache.join(['', 'a b ', ''])).toEqual(ids('a b '));
    expect(cache.join(['a', ' ', 'b'])).toEqual(ids('a b'));
  });

  it('are forgotten before they take much memory', () => {
    const { cache, asked } = counting();
    for (let i = 0; i < 9000; i++) cache.join([`part ${i}`]);
    const before = asked.length;
    cache.join(['part 8999']);
    cache.join(['part 0']);
    expect(asked.length).toBe(before + 1);
  });
});
