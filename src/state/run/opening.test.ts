/** Rank pressed before the first sample has come: the wish is kept, told, and can be taken back. */
import { afterEach, describe, expect, it } from 'vitest';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { column, openWorld, settled, until, type World } from '../testing/world.ts';
import { useRun } from './run.ts';

let world: World;
afterEach(() => world.stop());

const message = () => useRun.getState().message;

describe('a first visit', () => {
  it('ranks the first sample when Rank was pressed before it came', async () => {
    world = openWorld();
    world.rank();
    expect(message()?.text).toMatch(/still loading/);
    expect(useRun.getState().active).toBe(false);
    await until(() => useRun.getState().active || column('teacher').state === 'done');
    await settled();
    expect(column('teacher').state).toBe('done');
    expect(column('bm25').candidates.length).toBeGreaterThan(0);
    expect(message()).toBeNull();
  });

  it('does not rank when the wish was taken back', async () => {
    world = openWorld();
    world.rank();
    world.cancel();
    expect(message()).toBeNull();
    await world.restored;
    await until(() => useCorpus.getState().index.state === 'ready');
    expect(useRun.getState().active).toBe(false);
    expect(column('bm25').state).toBe('idle');
  });

  it('says what is missing when the sample gave way to blanks before it came', async () => {
    world = openWorld();
    await until(() => useCorpus.getState().source.kind === 'sample');
    expect(useCorpus.getState().sample).toBeNull();
    useCorpus.getState().setText(' \n\n');
    world.rank();
    await until(() => /no corpus/i.test(message()?.text ?? ''));
    expect(useCorpus.getState().origin).toBeNull();
    useCorpus.getState().undoReplace();
    expect(useCorpus.getState().source.kind).toBe('sample');
  });

  it('keeps what was typed while the sample was on its way', async () => {
    const text = 'Tea wants hot water.\nCoffee wants it hotter.';
    const onFetch = (path: string) => {
      if (path === 'samples/fruit.json') useCorpus.getState().setText(text);
    };
    world = openWorld({ onFetch });
    await until(() => useCorpus.getState().index.state === 'ready');
    const { boxText, source, sample } = useCorpus.getState();
    expect({ boxText, source, sample }).toEqual({
      boxText: text,
      source: { kind: 'text', text },
      sample: null,
    });
    expect(useQuery.getState().suggestions).toEqual([]);
  });

  it('says what is missing when no sample can be read', async () => {
    world = openWorld({ files: { 'samples/index.json': new Error('offline') } });
    world.rank();
    await world.restored;
    await until(() => /no corpus/i.test(message()?.text ?? ''));
    expect(column('bm25').state).toBe('idle');
  });
});
