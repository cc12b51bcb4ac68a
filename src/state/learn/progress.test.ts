import { expect, it } from 'vitest';
import { memoryTextStore } from '../../storage/local.ts';
import { restoreProgress, useProgress } from './progress.ts';

it('keeps done tasks, once each, over a reload; clears them, and takes that back', () => {
  const local = memoryTextStore();
  restoreProgress(local);
  useProgress.getState().finish('bm25', 'k1');
  useProgress.getState().finish('bm25', 'k1');
  useProgress.getState().finish('judging', 'rows');
  restoreProgress(local);
  const before = useProgress.getState().done;
  expect(before).toEqual({ bm25: ['k1'], judging: ['rows'] });
  useProgress.getState().clear();
  expect(local.getItem('rankscope.learn')).toBeNull();
  restoreProgress(local);
  expect(useProgress.getState().done).toEqual({});
  useProgress.getState().restore(before);
  useProgress.getState().put('bm25', []);
  restoreProgress(local);
  expect(useProgress.getState().done).toEqual({ bm25: [], judging: ['rows'] });
});

it('drops what this page did not write', () => {
  for (const data of [[], 'x', { bm25: 'k1' }, { bm25: [1] }]) {
    const local = memoryTextStore();
    local.setItem('rankscope.learn', JSON.stringify({ version: 1, data }));
    restoreProgress(local);
    expect(useProgress.getState().done).toEqual({});
  }
});
