import { expect, it } from 'vitest';
import { METHOD_IDS } from '../../src/ranking/methods/registry.ts';
import { methodLines, methodList, methodOption } from './method-help.ts';

it('lists every method of today, and none by a name of before', () => {
  expect(methodList().split(', ')).toEqual(METHOD_IDS);
  expect(methodLines().split('\n')).toHaveLength(METHOD_IDS.length);
});

it('takes names of today and of before', () => {
  expect(methodOption('rank', 'method', 'student')).toBe('pointwise-yes');
  expect(methodOption('rank', 'method', 'pointwise-yes')).toBe('pointwise-yes');
  expect(methodOption('evaluate', 'methods', 'bm25', ['bm25'])).toBe('bm25');
  expect(() => methodOption('rank', 'method', 'best')).toThrow(
    /^--method is “best”; it must be one of pointwise-yes, rg, /,
  );
});
