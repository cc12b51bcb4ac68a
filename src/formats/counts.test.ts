import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isCountsFile, readCounts } from './counts.ts';

describe('readCounts', () => {
  it('reads commas and tabs, quoted fields, and columns in any order', () => {
    expect([...readCounts('id,count\na,3\nb,0\n')]).toEqual([
      ['a', 3],
      ['b', 0],
    ]);
    expect([...readCounts('\ufeffmovieId,movieName,nbMentions\r\n7,"Good, the Bad (1966)",12\r\n')]).toEqual([
      ['7', 12],
    ]);
    expect([...readCounts('popularity\tdocid\n2.5\tx y\n')]).toEqual([['x y', 2.5]]);
  });

  it.each([
    ['a,3\nb,4\n', /counts\.csv, line 1: the first row must name the columns/],
    ['id,count\na,many\n', /counts\.csv, line 2: the count must be a number from 0, found “many”/],
    ['id,count\na,\n', /line 2: the count must be a number/],
    ['id,count\na,-1\n', /line 2: the count must be a number/],
    ['id,count\n,1\n', /line 2: the id is missing/],
    ['id,count\na,1\n\na,2\n', /line 4: passage “a” has the counts 1 and 2/],
    ['id,count\n', /counts\.csv: it has no counts/],
    ['id,count\n"a,1\n', /line 2: a quotation mark/],
  ])('refuses %j with file, line and reason', (text, reason) => {
    expect(() => readCounts(text, 'counts.csv')).toThrow(reason);
  });

  it('knows such files by their names', () => {
    for (const yes of ['popularity.csv', 'a/popularity.tsv', 'movies_with_mentions.csv', 'item-counts.tsv'])
      expect(isCountsFile(yes), yes).toBe(true);
    for (const no of ['corpus.csv', 'discounts.csv', 'popularity.md', 'counts'])
      expect(isCountsFile(no), no).toBe(false);
  });

  const redial = new URL('../../../shared/data/redial/movies_with_mentions.csv', import.meta.url).pathname;
  it.skipIf(!existsSync(redial))('reads ReDial’s mentions', () => {
    const counts = readCounts(readFileSync(redial, 'utf8'));
    expect(counts.size).toBe(6924);
    expect(counts.get('75822')).toBe(1);
  });
});
