import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { queryValues } from '../../evaluation/table/query-values.ts';
import type { RowResults } from '../../evaluation/table/table.ts';
import type { ModelEntry } from '../models/models.ts';
import { besidePaper, loadPresets, missingOf, paperPoints, presetNamed, recipeOf } from './presets.ts';
import { readRecipe, rowId } from './recipe.ts';
import { FIRST_STAGE } from './rows.ts';

const entry = (id: string, role: ModelEntry['role'], stored = false): ModelEntry => ({
  id,
  role,
  name: id,
  path: `${id}/`,
  bytes: 1,
  stored: stored ? { kind: 'fused-t5' } : undefined,
});
const DEMO = [entry('demo-teacher', 'teacher'), entry('demo-student', 'student')];
const preset = (id: string) => presetNamed(id)!;

beforeAll(async () => {
  const file = new URL('../../../public/presets/instruction-distillation.json', import.meta.url);
  await loadPresets(async () => JSON.parse(readFileSync(file, 'utf8')));
});

describe('recipeOf', () => {
  it('takes the embedded models where none of the paper’s is there, and says what is missing', () => {
    const recipe = recipeOf(preset('table-4'), DEMO);
    expect(recipe.rows.map(rowId)).toEqual([
      'random',
      'popularity',
      'listwise demo-teacher window=20 step=10 @paper-conversation-list',
      'prp-allpair demo-teacher @paper-conversation-pairs',
      'rg demo-teacher @paper-conversation',
      'pointwise-yes demo-student @paper-conversation',
    ]);
    expect(recipe).toMatchObject({ depth: 5, pool: { popular: 4, above: 200, answerable: true } });
    expect(missingOf(preset('table-4'), recipe)).toEqual([]);
    expect(readRecipe(JSON.parse(JSON.stringify(recipe)))!.rows.map(rowId)).toEqual(recipe.rows.map(rowId));
  });

  it('takes the paper’s own models where they are there, a student for a student only', () => {
    const catalog = [...DEMO, entry('flan-t5-base', 'base', true), entry('my-flan-t5-base', 'student', true)];
    const ids = recipeOf(preset('table-2'), catalog).rows.map(rowId);
    expect(ids).toEqual(['rg flan-t5-base', 'prp-allpair flan-t5-base', 'pointwise-yes my-flan-t5-base']);
  });
});

it('gives what is printed as points of a picture, and nothing of a measure that is not printed', () => {
  const points = paperPoints(preset('figure-1'), 'dl19', 'ndcg@10');
  expect(points).toContainEqual({ name: 'monoT5 · monoT5-Base', cost: 0.12, value: 0.7148 });
  expect(points).toHaveLength(11);
  expect(paperPoints(preset('figure-1'), 'dl19', 'map')).toEqual([]);
});

describe('besidePaper', () => {
  it('has one’s own value where method and model are the paper’s, else a row of its own; the rest stays empty', () => {
    const catalog = [...DEMO, entry('flan-t5-base', 'base', true)];
    const recipe = {
      ...recipeOf(preset('figure-1'), DEMO),
      rows: [
        { method: 'rg', checkpoint: 'flan-t5-base' },
        { method: 'rg', checkpoint: 'demo-teacher' },
      ] as const,
    };
    const values = [queryValues(['a'], new Map([['a', 1]]), { level: 1, condensed: false })];
    const row = (id: string, kind: RowResults['kind']): RowResults => ({
      id,
      name: id,
      kind,
      values,
      costs: [],
    });
    const rows = [row(FIRST_STAGE, 'first-stage'), ...recipe.rows.map((one) => row(rowId(one), 'method'))];
    const beside = besidePaper(preset('figure-1'), 'dl19', { rows, recipe, catalog });
    const of = (model: string) => beside.filter((one) => one.model === model && /^Relevance/.test(one.name));
    expect(of('FLAN-T5-Base')[0]!.cells[0]).toEqual({ own: 1, paper: 0.4743 });
    expect(of('FLAN-T5-XL')[0]!.cells[0]).toEqual({ own: null, paper: 0.5285 });
    expect(of('demo-teacher')).toMatchObject([{ printed: false, cells: [{ own: 1, paper: null }, {}] }]);
  });
});
