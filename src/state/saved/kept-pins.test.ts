import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryRecords, type Records } from '../../storage/records.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useNotices } from '../notices.ts';
import { clearPins, pin, unpin, usePinned } from '../recording/pinned.ts';
import { openHere } from '../testing/open-here.ts';
import { openWorld, settled, TEXT, until, type World } from '../testing/world.ts';

let world: World;
let records: Records;
beforeEach(() => void clearPins());
afterEach(() => {
  world.stop();
  clearPins();
});

const pins = () => usePinned.getState().pins;
const stored = async (): Promise<number> => {
  const saved = (await records.get('run', 'pins')) as { pins: readonly unknown[] } | undefined;
  return saved?.pins.length ?? 0;
};
const storedBecomes = async (count: number): Promise<void> => {
  let now = -1;
  await until(() => {
    void stored().then((found) => {
      now = found;
    });
    return now === count;
  });
};

async function open(): Promise<void> {
  world = openWorld({ records, parts: { openRecordingFile: openHere } });
  await world.restored;
}

/** A run, pinned twice. */
async function pinTwo(): Promise<void> {
  records = memoryRecords();
  await open();
  useCorpus.getState().setText(TEXT);
  useQuery.setState({ text: 'apple', suggestions: [], own: true });
  world.rank();
  await settled();
  pin(world.shared());
  pin(world.shared());
  await storedBecomes(2);
}

it('keeps pinned runs over a reload, and forgets those that were removed', async () => {
  await pinTwo();
  const [before] = pins();
  world.stop();
  usePinned.setState({ pins: [] });
  await open();
  expect(pins()).toHaveLength(2);
  const [after] = pins();
  expect(after!.recording.query).toEqual(before!.recording.query);
  expect(after!.recording.runs.map(({ method, events }) => [method, events.length])).toEqual(
    before!.recording.runs.map(({ method, events }) => [method, events.length]),
  );
  unpin(after!.id);
  await storedBecomes(1);
  clearPins();
  await storedBecomes(0);
});

it('drops what cannot be read, says so, and keeps the rest', async () => {
  await pinTwo();
  const saved = (await records.get('run', 'pins')) as { version: number; pins: Uint8Array[] };
  world.stop();
  usePinned.setState({ pins: [] });
  await records.put('run', 'pins', { ...saved, pins: [saved.pins[0], new Uint8Array([1, 2, 3]), 'x'] });
  await open();
  expect(pins()).toHaveLength(1);
  expect(useNotices.getState().notices.at(-1)?.message).toMatch(/Pinned runs .* could not be read/);
  for (const junk of [
    'x',
    { version: 1, pins: new Array(9).fill(saved.pins[0]) },
    { version: 2, pins: [] },
  ]) {
    world.stop();
    usePinned.setState({ pins: [] });
    await records.put('run', 'pins', junk);
    await open();
    expect(pins()).toEqual([]);
  }
});
