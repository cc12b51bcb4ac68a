import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { duelResult, duelRoom } from '../analysis/duel.ts';
import { openRecordings } from '../formats/recording/open.ts';
import { memoryTextStore, type TextStore } from '../storage/local.ts';
import {
  answerDuel,
  beginDuel,
  type Duel,
  dropDuel,
  duelKey,
  judgesOf,
  restoreDuels,
  undoAnswer,
  useDuels,
} from './duel.ts';
import { openRecording } from './run/recorded.ts';
import type { ComparingRun, PointwiseRun } from './run/run.ts';

const [recording] = openRecordings(
  readFileSync(new URL('../../public/samples/recordings/town.rankscope.json.gz', import.meta.url)),
  'town',
);
const { runs, set } = openRecording(recording!);
const judges = judgesOf(runs.teacher as ComparingRun, runs.student as PointwiseRun);
const key = duelKey(set);
const duel = (): Duel | undefined => useDuels.getState().duels.find((one) => one.key === key);

let store: TextStore;
beforeEach(() => {
  useDuels.setState({ duels: [] });
  store = memoryTextStore();
  restoreDuels(store);
});

it('keeps answers over a reload, for every run over the same passages; takes the last one back', () => {
  beginDuel(key, judges, 4, 1);
  answerDuel(key, 'a');
  answerDuel(key, 'tie');
  undoAnswer(key);
  answerDuel(key, 'b');
  const before = duel();
  expect(before).toMatchObject({ answers: ['a', 'b'] });
  useDuels.setState({ duels: [] });
  restoreDuels(store);
  expect(duelKey(openRecording(recording!).set)).toBe(key);
  expect(duel()).toEqual(before);
  for (let i = 0; i < 9; i++) answerDuel(key, 'a');
  expect(duel()!.answers).toEqual(['a', 'b', 'a', 'a']);
  const { pairs, answers } = duel()!;
  expect(duelResult(judges, pairs, answers)).toMatchObject({ answered: 4 });
});

it('adds pairs to those that were answered, up to all there are; what is dropped comes back', () => {
  beginDuel(key, judges, 2, 1);
  answerDuel(key, 'a');
  answerDuel(key, 'b');
  const two = duel()!;
  beginDuel(key, judges, 100, 2, true);
  expect(duel()).toMatchObject({ answers: ['a', 'b'] });
  expect(duel()!.pairs.slice(0, 2)).toEqual(two.pairs);
  expect(duel()!.pairs).toHaveLength(duelRoom(judges));
  const undo = dropDuel(key);
  expect(duel()).toBeUndefined();
  restoreDuels(store);
  expect(duel()).toBeUndefined();
  undo();
  expect(duel()!.answers).toEqual(['a', 'b']);
});

it('keeps the newest eight, beside what another tab has stored, and drops what cannot be read', () => {
  beginDuel(key, judges, 2, 1);
  // Another tab knows nothing of ours, and stores one of its own.
  useDuels.setState({ duels: [] });
  beginDuel('other', judges, 2, 1);
  restoreDuels(store);
  expect(useDuels.getState().duels.map((one) => one.key)).toEqual(['other', key]);
  for (let i = 0; i < 9; i++) beginDuel(`key ${i}`, judges, 1, 1);
  expect(useDuels.getState().duels).toHaveLength(8);
  const bad = { key: 'x', pairs: [{ a: 1, b: 1, reason: 'easy' }], answers: [] };
  for (const data of [[bad], [{ ...bad, pairs: [], answers: ['a'] }], 'x', [null]]) {
    store.setItem('rankscope.duels', JSON.stringify({ version: 1, data }));
    restoreDuels(store);
    expect(useDuels.getState().duels).toEqual([]);
  }
});
