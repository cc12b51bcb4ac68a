/**
 * Milliseconds of the main thread that go into keeping a run, a second, while the teacher compares 100 candidates,
 * all pairs: packing what is stored, and the structured clone that IndexedDB makes of each record before `put`
 * returns. The page's own state in this process over a fake model that answers at the pace below; no database.
 */

import { useCorpus } from '../src/state/corpus/corpus.ts';
import { useQuery } from '../src/state/corpus/query.ts';
import { columnOf, modelRunOf, useRun } from '../src/state/run/run.ts';
import { useSettings } from '../src/state/settings.ts';
import { openWorld } from '../src/state/testing/world.ts';
import { memoryTextStore } from '../src/storage/local.ts';
import { memoryRecords, type Records } from '../src/storage/records.ts';

const CANDIDATES = 100;
/** Calls a second: what the embedded teacher makes on a fast machine. */
const PACE = 400;

interface Save {
  /** Since the run began. */
  readonly at: number;
  readonly ms: number;
  readonly bytes: number;
}

export async function benchSaving() {
  const saves: Save[] = [];
  let spent = 0;
  let bytes = 0;
  const memory = memoryRecords();
  const records: Records = {
    ...memory,
    put: (table, key, value) => {
      const began = performance.now();
      const clone = structuredClone(value);
      spent += performance.now() - began;
      bytes += JSON.stringify(clone)?.length ?? 0;
      return memory.put(table, key, clone);
    },
  };
  const controls = { teacher: { tokensPerSecond: 1e9 }, student: { tokensPerSecond: 1e9 } };
  const world = openWorld({ local: memoryTextStore(), records, controls });
  await world.restored;
  const { persistence } = world;
  const write = persistence.writeRun.bind(persistence);
  persistence.writeRun = async () => {
    const before = spent;
    const began = performance.now();
    const done = write();
    // What it cloned at once is counted already.
    const packing = performance.now() - began - (spent - before);
    spent += Math.max(0, packing);
    await done;
    await new Promise((resolve) => setTimeout(resolve, 20));
    saves.push({ at: performance.now() - start, ms: spent, bytes });
    spent = 0;
    bytes = 0;
  };
  const passages = Array.from(
    { length: CANDIDATES },
    (_, i) => `apple ${'and more words '.repeat(1 + ((i * 37) % 50))}${i}`,
  );
  useCorpus.getState().setText(passages.join('\n'));
  useQuery.setState({ text: 'apple', own: true });
  useSettings.getState().setK(CANDIDATES);
  let answered = 0;
  let start = performance.now();
  world.controls.teacher.beforeBatch = async () => {
    if (answered++ === 0) start = performance.now();
    const due = start + (teacherAsked() / PACE) * 1000;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  };
  world.rank();
  await world.orchestrator.finished;
  await new Promise((resolve) => setTimeout(resolve, 100));
  world.stop();
  const during = saves.filter(({ at }) => at > 0).map(({ ms }) => ms);
  const seconds = (performance.now() - start) / 1000;
  return {
    calls: CANDIDATES * (CANDIDATES - 1),
    seconds,
    saves: during.length,
    msPerSecond: during.reduce((sum, ms) => sum + ms, 0) / seconds,
    longestMs: Math.max(...during),
    megabytes: saves.reduce((sum, one) => sum + one.bytes, 0) / 1e6,
  };
}

const teacherAsked = (): number => modelRunOf(columnOf(useRun.getState(), 'teacher'))?.asked ?? 0;
