/** What is offered in the place of a run that takes minutes, and running it at one click. */
import { afterEach, describe, expect, it } from 'vitest';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, settled, until, type World } from '../testing/world.ts';
import { useRun } from './run.ts';

let world: World;
afterEach(() => world.stop());

const asked = () => useRun.getState().needsConfirmation;
const PASSAGES = 40;

/** Forty passages to rank, at a speed at which all pairs take minutes. */
async function askedFor(tokensPerSecond: number, settings: object = {}): Promise<void> {
  const speed = { tokensPerSecond };
  world = await openReady({ controls: { teacher: speed, student: speed } });
  const text = Array.from({ length: PASSAGES }, (_, i) => `apple number ${i + 1}`).join('\n');
  useCorpus.getState().setText(text);
  useQuery.setState({ text: 'apple', suggestions: [], own: true });
  useSettings.setState({ k: PASSAGES, ...settings });
  const slots = () => Object.values(useModels.getState().slots);
  await until(() => slots().every(({ status }) => status === 'ready'));
  world.rank();
  await settled();
}

describe('where all pairs would take minutes', () => {
  it('offers the other schedules and fewer candidates, with what each costs', async () => {
    await askedFor(300);
    expect(asked()).toMatchObject({ calls: PASSAGES + PASSAGES * (PASSAGES - 1) });
    const { shorter, seconds } = asked()!;
    expect(shorter.map(({ title }) => title)).toEqual([
      'Heapsort',
      'Sliding window',
      'Sparse random graph',
      '20 candidates',
    ]);
    for (const offer of shorter) {
      expect(offer.seconds).toBeLessThan(0.7 * seconds);
      // Of a sparse graph the calls are known beforehand, as of fewer candidates.
      expect(offer.upperBound).toBe('schedule' in offer.settings && offer.title !== 'Sparse random graph');
    }
    expect(shorter.at(-1)!.calls).toBe(20 + 20 * 19);
    expect(shorter.at(-1)!.seconds).toBeLessThanOrEqual(60);
  });

  it('runs the one that is clicked, without asking again', async () => {
    await askedFor(300);
    const [heapsort] = asked()!.shorter;
    world.rankShorter(heapsort!.settings);
    await until(() => useRun.getState().active);
    await settled();
    expect(asked()).toBeNull();
    expect(useSettings.getState().schedule).toBe('heapsort');
    expect(column('teacher')).toMatchObject({ state: 'done', method: 'prp-heapsort' });
    expect(column('teacher').asked).toBeLessThanOrEqual(heapsort!.calls);
  });

  it('offers nothing that saves next to nothing', async () => {
    await askedFor(20, { schedule: 'heapsort', passes: 99 });
    expect(asked()!.shorter.map(({ title }) => title)).not.toContain('All pairs');
    expect(asked()!.shorter.map(({ title }) => title)).not.toContain('Sliding window');
  });
});
