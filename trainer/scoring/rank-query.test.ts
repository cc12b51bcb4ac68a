import { expect, it } from 'vitest';
import { candidatesOf, FakeScorer } from '../../src/ranking/testing/fake-scorer.ts';
import type { RankingEvent, RankingMethod } from '../../src/ranking/types.ts';
import { journalLine, readJournalLine } from '../rank/journal.ts';
import { rankQuery } from './rank-query.ts';

const job = { line: 1, query: { id: 'q', text: 'sky' }, candidates: candidatesOf(['a', 'b', 'c']) };
const cost = (cached: boolean, slot?: string) => ({
  tokens: 10,
  ms: 2,
  cached,
  cuts: slot === undefined ? [] : [{ slot, kept: 1, total: 2 }],
});
const events: readonly RankingEvent[] = [
  { type: 'planned', calls: 3, upperBound: true },
  {
    type: 'compared',
    items: [{ shown: [0, 1, 2], winner: 2, logits: [0, 1, 2], ...cost(false, 'passage_3') }],
  },
  { type: 'ranking', order: [2, 0, 1], scores: [3, 2, 1] },
  {
    type: 'listed',
    items: [
      { shown: [2, 0], order: [0, 2], text: '[2]', malformed: true, ...cost(true) },
      { shown: [0, 1], order: [0, 1], malformed: false, ...cost(false, 'passage_1') },
    ],
  },
  { type: 'ranking', order: [0, 2, 1], scores: [3, 2, 1] },
  { type: 'done', totals: { planned: 3, asked: 2, cached: 1, tokens: 20, seconds: 1 } },
];
const method: RankingMethod = {
  id: 'own',
  async *rank() {
    for (const [at, event] of events.entries()) yield { ...event, at };
  },
};

it('keeps comparisons and lists of a ranking, and counts them as calls', async () => {
  const told: number[] = [];
  const scorer = new FakeScorer({ answer: () => [] });
  const result = await rankQuery(method, job, scorer, { onCalls: (answers) => told.push(answers) });
  expect(told).toEqual([1, 2]);
  expect(result).toMatchObject({
    state: 'done',
    order: [0, 2, 1],
    scores: [3, 2, 1],
    asked: 2,
    cached: 1,
    tokens: 20,
    cutPassages: 2,
    compared: [{ winner: 2 }],
    listed: [{ text: '[2]', malformed: true }, { malformed: false }],
  });
  // Through the journal of an unfinished run, and from one of before there were such answers and logs.
  const line = journalLine(result);
  expect(readJournalLine('part', line, 0, [job])).toEqual(JSON.parse(JSON.stringify(result)));
  const { compared: _, listed: __, log: ___, came: ____, ...before } = JSON.parse(line);
  expect(readJournalLine('part', JSON.stringify(before), 0, [job])).toMatchObject({
    compared: [],
    listed: [],
    events: [],
  });
});
