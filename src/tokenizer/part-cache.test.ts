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
const END = 1;
const ids = (text: string) =>
  Int32Array.from([...[...text].map((c) => (c === ' ' ? 0 : c.charCodeAt(0))), END]);

describe('ids of parts', () => {
  it('are looked up, each space with the word behind it', () => {
    const { cache, asked } = counting();
    expect(cache.join(['Is A: ', 'river bank', ' or B: ', 'sea', '?'], END)).toBeUndefined();
    expect(cache.join(['Is A: ', 'river bank', ' or B: ', 'sea', ' ?'], END)).toEqual(
      ids('Is A: river bank or B: sea ?'),
    );
    const before = asked.length;
    expect(cache.join(['Is A: ', 'sea', ' or B: ', 'river bank', ' ?'], END)).toEqual(
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
      expect(cache.join(parts, END), JSON.stringify(parts)).toBeUndefined();
    }
    expect(cache.join([], END)).toEqual(ids(''));
    expect(cache.join(['', 'a b ', ''], END)).toEqual(ids('a b '));
    expect(cache.join(['a', ' ', 'b'], END)).toEqual(ids('a b'));
  });

  it('are forgotten before they take much memory', () => {
    const { cache, asked } = counting();
    for (let i = 0; i < 9000; i++) cache.join([`part ${i}`], END);
    const before = asked.length;
    cache.join(['part 8999'], END);
    cache.join(['part 0'], END);
    expect(asked.length).toBe(before + 1);
  });
});
