import { beforeEach, describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../remote/cost.ts';
import { memoryTextStore } from '../../storage/local.ts';
import { useModels } from '../models/models.ts';
import { initialSettings, useSettings } from '../settings.ts';
import { refusedService } from './allowed.ts';
import { remoteKey } from './key.ts';
import {
  asksRemote,
  connectRemote,
  countRemote,
  forgetRemote,
  letGoOfRemote,
  remoteProblem,
  restoreRemote,
  useRemote,
  withoutRemote,
  withRemote,
} from './remote.ts';

const KEY = 'sk-in-memory-only-77';
const choice = { endpoint: 'http://localhost:11434', model: 'judge', price: { input: 1, output: 2 } };
const embedded = { id: 'demo', role: 'teacher', name: 'demo', path: 'demo/', bytes: 1 } as const;
let local = memoryTextStore();

beforeEach(() => {
  local = memoryTextStore();
  useSettings.setState(initialSettings);
  useModels.setState({ catalog: [embedded] });
  useRemote.setState({ services: [] });
  restoreRemote(local);
});

const stored = () => local.getItem('rankscope.remote') ?? '';

function connected(remember: boolean, of = choice, key = KEY): string {
  const id = connectRemote(of, key, remember);
  useSettings.getState().chooseModel('teacher', id);
  return id;
}

describe('a remote model', () => {
  it('is chosen for the teacher, with its key in no store and not on disk', () => {
    const id = connected(false, choice, ` ${KEY}\n`);
    const { models } = useSettings.getState();
    expect(asksRemote(models.teacher)).toBe(true);
    expect(useModels.getState().catalog!.map(({ name }) => name)).toEqual(['demo', 'judge']);
    expect(remoteKey(id)).toBe(KEY);
    const all = [useSettings.getState(), useModels.getState(), useRemote.getState()];
    expect(JSON.stringify(all) + stored()).not.toContain(KEY);
    expect(stored()).toBe('');
    expect(withoutRemote(useSettings.getState()).models.teacher).toBeNull();
  });

  it('is kept with its key where people want that, until they do not', () => {
    const id = connected(true);
    expect(stored()).toContain(KEY);
    expect(withoutRemote(useSettings.getState())).toBe(useSettings.getState());
    const { teacher } = useSettings.getState().models;
    // The page is opened again.
    useRemote.setState({ services: [] });
    restoreRemote(local);
    expect(useRemote.getState()).toMatchObject({ services: [{ ...choice, id, remembered: true }] });
    expect(withRemote([embedded]).at(-1)!.id).toBe(teacher);
    letGoOfRemote();
    expect(useSettings.getState().models.teacher).toBe(teacher);
    connectRemote(choice, KEY, false);
    expect(stored()).toBe('');
    connectRemote(choice, KEY, true);
    forgetRemote(id);
    expect([stored(), remoteKey(id)]).toEqual(['', '']);
    expect(useModels.getState().catalog).toEqual([embedded]);
    expect(useSettings.getState().models.teacher).toBeNull();
  });

  it('gives way to the page’s own model where it is not known any more', () => {
    useSettings.getState().chooseModel('teacher', 'remote:of-another-time');
    letGoOfRemote();
    expect(useSettings.getState().models.teacher).toBeNull();
  });

  it('stands beside others, each with its own key and counts', async () => {
    const one = connected(true);
    const other = connected(true, { ...choice, model: 'another' }, 'sk-other-key-1234');
    expect(one).not.toBe(other);
    expect([remoteKey(one), remoteKey(other)]).toEqual([KEY, 'sk-other-key-1234']);
    let requests = 3;
    const worker = {
      alive: true,
      counts: async () => ({ ...NO_COUNTS, requests, answers: requests, waiting: null }),
    };
    await countRemote(one, worker);
    requests = 5;
    // The same worker, counted again.
    await countRemote(one, worker);
    const counts = useRemote.getState().services.map(({ counts }) => counts.requests);
    expect(counts).toEqual([5, 0]);
    useRemote.setState({ services: [] });
    restoreRemote(local);
    expect(useRemote.getState().services.map(({ id }) => id)).toEqual([one, other]);
    forgetRemote(one);
    expect(JSON.parse(stored())).toMatchObject([{ model: 'another' }]);
  });

  it('of before there was a list is taken up', () => {
    local.setItem('rankscope.remote', JSON.stringify({ ...choice, key: KEY }));
    restoreRemote(local);
    expect(useRemote.getState().services).toMatchObject([choice]);
  });

  it('is not restored from what is damaged', () => {
    for (const text of ['{', '[]', '{"endpoint":1}', '{"endpoint":"x","model":"y","key":"z"}']) {
      local.setItem('rankscope.remote', text);
      restoreRemote(local);
      expect(useRemote.getState().services).toEqual([]);
    }
  });

  it('is refused with words that do not hold the key', () => {
    expect(remoteProblem({ endpoint: 'nowhere', model: 'm' }, KEY)).toMatch(/not a web address/);
    expect(remoteProblem({ ...choice, model: ' ' }, KEY)).toMatch(/name for the model/);
    const told = remoteProblem(choice, `${KEY} ${KEY}`);
    expect(told).toMatch(/characters that no key has/);
    expect(told).not.toContain(KEY);
    expect(remoteProblem(choice, KEY)).toBeUndefined();
    const asked = ['https://api.example.com/v1', ['http://localhost:*'], 'http://localhost:4173'] as const;
    expect(refusedService(...asked)).toMatch(/--connect-src https:\/\/api\.example\.com$/);
  });
});
