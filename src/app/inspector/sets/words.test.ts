import { expect, it } from 'vitest';
import { readPermutation } from '../../../ranking/permutation.ts';
import { listingVerdict } from './words.ts';

const shown = [0, 1, 2];
const answer = (text: string) => ({ shown, text, malformed: readPermutation(text, shown.length).malformed });

it('tells answers that say nothing from those that were repaired', () => {
  expect(listingVerdict([answer('[2] > [1] > [3]')])).toEqual([]);
  // A ranking that came whole, as from a service that ranks, is not read.
  expect(listingVerdict([{ shown, text: undefined, malformed: false }])).toEqual([]);
  const [some, repaired, ...none] = listingVerdict([
    answer('I cannot'),
    answer('[2] > [2]'),
    answer('1 2 3'),
  ]);
  expect(some).toMatch(/^1 of 3 answers names no passage: nothing could be read from it/);
  expect(repaired).toMatch(/^1 of 3 answers was not a complete list, and was repaired/);
  expect(none).toEqual([]);
  expect(listingVerdict([answer(''), answer('[9]')])).toEqual([
    'None of the 2 answers names a passage: this model does not do what the prompt asks, and the order is still that of the first stage.',
  ]);
});
