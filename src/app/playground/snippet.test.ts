import { expect, test } from 'vitest';
import { makeSnippet, queryTerms } from './snippet.ts';

const params = { stopWords: true, fold: true, stemming: 'none' } as const;
const marked = (text: string, query: string) => {
  const snippet = makeSnippet(text, queryTerms(query, params), params);
  return { text: snippet.text, marks: snippet.spans.map((s) => snippet.text.slice(s.start, s.end)) };
};

test('begins at the beginning when a match is near', () => {
  const { text, marks } = marked(
    'A vaccine shows the immune system a harmless piece.',
    'how do vaccine make people immune',
  );
  expect(text).toBe('A vaccine shows the immune system a harmless piece.');
  expect(marks).toEqual(['vaccine', 'immune']);
});

test('begins near the first match when it is far in, at a word', () => {
  const { text, marks } = marked(`${'word '.repeat(100)}then the harbour closes`, 'harbour');
  expect(text.startsWith('… word')).toBe(true);
  expect(marks).toEqual(['harbour']);
});

test('line ends become spaces, so that spans stay in place', () => {
  const { text, marks } = marked('one\r\ntwo\nharbour', 'harbour');
  expect(text).toBe('one  two harbour');
  expect(marks).toEqual(['harbour']);
});

test('never ends in half a character', () => {
  const { text } = marked(`a${'😀'.repeat(400)}`, 'nothing');
  expect(() => encodeURIComponent(text)).not.toThrow();
});
