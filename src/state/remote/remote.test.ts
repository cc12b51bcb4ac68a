import { beforeEach, describe, expect, it } from 'vitest';
import { memoryTextStore } from '../../storage/local.ts';
import { useModels } from '../models/models.ts';
import { initialSettings, useSettings } from '../settings.ts';
import { refusedService } from './allowed.ts';
import { remoteKey } from './key.ts';
import {
  asksRemote,
  connectRemote,
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
  restoreRemote(local);
  forgetRemote();
});

const stored = () => local.getItem('rankscope.remote') ?? '';

describe('a remote model', () => {
  it('is chosen for the teacher, with its key in no store and not on disk', () => {
    connectRemote(choice, ` ${KEY}\n`, false);
    const { models } = useSettings.getState();
    expect(asksRemote(models.teacher)).toBe(true);
    expect(useModels.getState().catalog!.map(({ name }) => name)).toEqual(['demo', 'judge']);
    expect(remoteKey()).toBe(KEY);
    const all = [useSettings.getState(), useModels.getState(), useRemote.getState()];
    expect(JSON.stringify(all) + stored()).not.toContain(KEY);
    expect(stored()).toBe('');
    expect(withoutRemote(useSettings.getState()).models.teacher).toBeNull();
  });

  it('is kept with its key where people want that, until they do not', () => {
    connectRemote(choice, KEY, true);
    expect(stored()).toContain(KEY);
    expect(withoutRemote(useSettings.getState())).toBe(useSettings.getState());
    const { teacher } = useSettings.getState().models;
    // The page is opened again.
    useRemote.setState({ choice: null });
    restoreRemote(local);
    expect(useRemote.getState()).toMatchObject({ choice, remembered: true });
    expect(withRemote([embedded]).at(-1)!.id).toBe(teacher);
    letGoOfRemote();
    expect(useSettings.getState().models.teacher).toBe(teacher);
    connectRemote(choice, KEY, false);
    expect(stored()).toBe('');
    connectRemote(choice, KEY, true);
    forgetRemote();
    expect([stored(), remoteKey()]).toEqual(['', '']);
    expect(useModels.getState().catalog).toEqual([embedded]);
    expect(useSettings.getState().models.teacher).toBeNull();
  });

  it('gives way to the page’s own model where it is not known any more', () => {
    useSettings.getState().chooseModel('teacher', 'remote:http://localhost:11434/v1|judge');
    letGoOfRemote();
    expect(useSettings.getState().models.teacher).toBeNull();
  });

  it('is not restored from what is damaged', () => {
    for (const text of ['{', '[]', '{"endpoint":1}', '{"endpoint":"x","model":"y","key":"z"}']) {
      local.setItem('rankscope.remote', text);
      restoreRemote(local);
      expect(useRemote.getState().choice).toBeNull();
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
