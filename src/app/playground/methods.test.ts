import { expect, it } from 'vitest';
import { METHODS } from '../../ranking/methods/registry.ts';
import { isTerm } from '../glossary.ts';
import { methodTitle, scoreStyle } from './methods.ts';

it('every method of the registry has a title and scores whose words the glossary explains', () => {
  for (const { id, title } of METHODS) {
    expect(methodTitle(id).title).toBe(title);
    expect(isTerm(methodTitle(id).term), id).toBe(true);
    expect(isTerm(scoreStyle({ method: id }).term), id).toBe(true);
  }
  expect(isTerm(scoreStyle({ method: 'bm25' }).term)).toBe(true);
  expect(scoreStyle(undefined)).toBe(scoreStyle({ method: 'bm25' }));
  for (const fusion of [{ by: 'rrf' }, { by: 'interpolation', weight: 0.5 }] as const) {
    const { term, label } = scoreStyle({ method: METHODS[0].id, fusion });
    expect(isTerm(term)).toBe(true);
    expect(label).not.toBe(scoreStyle({ method: METHODS[0].id }).label);
  }
});
