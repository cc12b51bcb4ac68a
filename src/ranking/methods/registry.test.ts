import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '../schedules/choices.ts';
import { scoresAlone } from '../template.ts';
import { templateProblems } from '../templates.ts';
import type { MethodDescriptor } from './descriptor.ts';
import { acceptsTemplate } from './descriptor.ts';
import {
  firstId,
  isMethodId,
  METHOD_IDS,
  METHODS,
  methodNamed,
  needsTrueProbabilities,
  readMethodId,
  takenChoices,
  takes,
} from './registry.ts';

describe('the registry of methods', () => {
  it('names each method once', () => {
    expect(new Set(METHOD_IDS).size).toBe(METHODS.length);
    for (const id of METHOD_IDS) expect(methodNamed(id).id).toBe(id);
    expect(isMethodId('prp-heapsort')).toBe(true);
    expect(isMethodId('toString')).toBe(false);
    expect(() => methodNamed('bm25')).toThrow(/There is no method “bm25”; use one of pointwise-yes, rg, /);
  });

  it('knows methods by the names they had, which no other method has', () => {
    expect(readMethodId('student')).toBe('pointwise-yes');
    expect(methodNamed('student')).toBe(methodNamed('pointwise-yes'));
    expect(isMethodId('student')).toBe(false);
    expect(readMethodId('bm25')).toBeUndefined();
    const names = METHODS.flatMap(({ id, formerIds = [] }: MethodDescriptor) => [id, ...formerIds]);
    expect(new Set([...names, 'bm25']).size).toBe(names.length + 1);
    expect(METHOD_IDS.map(firstId)).toEqual([
      'student',
      'rg',
      'monot5',
      'qlm',
      'cross-encoder',
      'prp-allpair',
      'prp-heapsort',
      'prp-sliding',
      'prp-topk',
      'prp-sparse',
      'setwise-heapsort',
      'setwise-bubblesort',
      'listwise',
      'rerank',
    ]);
  });

  it('starts every method with a template that it accepts', () => {
    for (const method of METHODS) {
      expect(templateProblems(method.template)).toEqual([]);
      expect(acceptsTemplate(method, method.template)).toBe(true);
    }
  });

  it('plans nothing for nothing, and no call for one passage that is compared with none', () => {
    for (const method of METHODS) {
      expect(method.plannedCalls(0, DEFAULT_CHOICES).calls).toBe(0);
      expect(method.plannedCalls(1, DEFAULT_CHOICES).calls).toBe(scoresAlone(method.kind) ? 1 : 0);
    }
  });

  it('gives no method a schedule that compares nothing', () => {
    for (const method of METHODS)
      expect('schedule' in method && method.kind !== 'pairwise', method.id).toBe(false);
  });

  it('asks for true probabilities only where a method takes them', () => {
    expect(METHOD_IDS.filter((id) => needsTrueProbabilities(id, true))).toEqual(['rg']);
  });

  it('keeps of the schedules’ choices those that a method takes', () => {
    expect(METHOD_IDS.filter((id) => takes(id, 'passes'))).toEqual(['prp-sliding']);
    expect(METHOD_IDS.filter((id) => takes(id, 'top'))).toEqual([
      'prp-topk',
      'setwise-heapsort',
      'setwise-bubblesort',
    ]);
    expect(METHOD_IDS.filter((id) => takes(id, 'budget'))).toEqual(['prp-sparse']);
    const given = { passes: 3, top: 5, budget: 7 };
    expect(takenChoices('prp-sliding', given)).toEqual({ passes: 3 });
    expect(takenChoices('prp-topk', given)).toEqual({ top: 5 });
    expect(takenChoices('prp-allpair', given)).toEqual({});
  });
});
