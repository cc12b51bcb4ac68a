import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { writeRankingCsv, writeRankingMarkdown } from './ranking-table.ts';
import type { Recording } from './recording/recording.ts';

const recording = (texts: readonly string[], query = 'a query'): Recording => ({
  query: { id: 'q', text: query },
  state: 'done',
  candidates: texts.map((title, i) => ({
    passage: { id: `p${i}`, title, text: 'x' },
    rank: i + 1,
    score: -1.5,
  })),
  grades: new Map([['p1', 2]]),
  runs: [
    {
      column: 'teacher',
      kind: 'comparing',
      method: 'prp-allpair',
      template: null,
      checkpoint: null,
      state: 'done',
      timed: true,
      events: [{ type: 'ranking', order: [1, 0], scores: [2, -0.25], at: 1 }],
    },
  ],
});

it('has a row for each candidate with its place and score in each ranking', () => {
  expect(writeRankingCsv(recording(['one', 'two']))).toBe(
    'query,passage,title,BM25 rank,BM25 score,student rank,student score,teacher rank,teacher score,grade\r\n' +
      'a query,p0,one,1,-1.5,,,2,-0.25,\r\n' +
      'a query,p1,two,2,-1.5,,,1,2,2\r\n',
  );
  expect(writeRankingMarkdown(recording(['a | b', '<b>*two*']))).toContain(
    '| p1 | \\<b\\>\\*two\\* | 2 | -1.5 |  |  | 1 | 2 | 2 |',
  );
});

it('gives no spreadsheet a formula, whatever a text holds, and comes back cell by cell', () => {
  const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' =', '"=', 'plain ');
  fc.assert(
    fc.property(start, fc.string(), fc.string(), (begin, rest, query) => {
      const title = begin + rest;
      const { data } = Papa.parse<string[]>(writeRankingCsv(recording([title, 'two'], query)), {
        newline: '\r\n',
        delimiter: ',',
      });
      const [, first] = data;
      for (const [cell, text] of [
        [first![2]!, title],
        [first![0]!, query],
      ] as const) {
        expect([text, `'${text}`]).toContain(cell);
        expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/);
      }
    }),
  );
});
