import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openRecordings } from '../../formats/recording/open.ts';
import { clearPins, comparePinned, pin, pinName, unpin, usePinned } from './pinned.ts';

const [recording] = openRecordings(
  readFileSync(new URL('../../../public/samples/recordings/town.rankscope.json.gz', import.meta.url)),
  'town',
);

it('compares a run with itself: the same calls, nothing flipped, nothing moved', () => {
  const [student, teacher] = comparePinned(recording!, recording!);
  expect(student).toMatchObject({
    column: 'student',
    sameQuestion: true,
    comparison: { moved: [], scores: { largest: 0 } },
  });
  expect(teacher).toMatchObject({
    column: 'teacher',
    comparison: { decisions: { both: 90, shared: 0, flips: [] } },
  });
  expect(teacher!.before.cost).toMatchObject({ asked: 90, cached: 0 });
  expect(teacher!.before.cost.seconds).toBeGreaterThan(0);
});

it('shows no time where answers came from the cache, and compares no other query', () => {
  const runs = recording!.runs.map((run) => ({
    ...run,
    events: run.events.map((event) =>
      event.type === 'decided'
        ? { ...event, items: event.items.map((item) => ({ ...item, cached: true })) }
        : event,
    ),
  }));
  const cached = comparePinned(recording!, { ...recording!, runs }).at(-1)!;
  expect(cached.after.cost).toMatchObject({ asked: 0, cached: 90, seconds: null });
  expect(cached.comparison.decisions).toMatchObject({ both: 90, shared: 90 });
  expect(comparePinned(recording!, { ...recording!, query: { id: 'q', text: 'another' } })).toEqual([]);
});

it('keeps the newest eight, named by what made them', () => {
  for (let i = 0; i < 9; i++) pin(recording!);
  const { pins } = usePinned.getState();
  expect(pins).toHaveLength(8);
  expect(pinName(pins[0]!)).toMatch(
    /PRP all pairs · Rankscope demo teacher · “.*” · WASM · 2 threads · int8/,
  );
  for (const { id } of pins) unpin(id);
  expect(usePinned.getState().pins).toEqual([]);
});

it('clears all, and takes that back', () => {
  pin(recording!);
  const undo = clearPins();
  expect(usePinned.getState().pins).toEqual([]);
  pin(recording!);
  undo();
  expect(usePinned.getState().pins).toHaveLength(2);
  clearPins();
});
