/** Notes on a corpus: what was done to its text stays known; what is said elsewhere is not repeated. */
import { expect, it } from 'vitest';
import { parseCorpus } from '../../formats/corpus.ts';
import { currentNotes, notesOf } from './corpus-notes.ts';

it('keeps what was done to the text and leaves out what the columns say', () => {
  expect(notesOf(parseCorpus('tea\u0007 water'))).toEqual(['1 control character removed from the text.']);
  expect(notesOf(parseCorpus('one passage'))).toEqual([]);
  expect(notesOf(parseCorpus(''))).toEqual([]);
});

it('has none while a corpus is being read', () => {
  const reading = { state: 'loading', phase: 'reading', done: 0, total: 0, perSecond: 0 } as const;
  expect(currentNotes(reading)).toEqual([]);
});
