import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { besideRows, type KnownModel, missingMethods, presetRows } from './beside-paper.ts';
import { type BesideReport, besideJson, writeBesideCsv, writeBesideMarkdown } from './beside-writers.ts';
import { readPresets } from './presets.ts';

const FILE = new URL('../../../public/presets/instruction-distillation.json', import.meta.url);
const { source, presets } = readPresets(JSON.parse(readFileSync(FILE, 'utf8')), 'presets');
const preset = (id: string) => presets.find((one) => one.id === id)!;

const model = (id: string, role: KnownModel['role'], more: Partial<KnownModel> = {}): KnownModel => ({
  id,
  names: [id],
  role,
  standsIn: true,
  ...more,
});
/** Names of the printed rows that have a value of one's own when all these students were run. */
const filledBy = (...students: KnownModel[]) => {
  const own = students.map(({ id }) => ({ method: 'pointwise-yes', checkpoint: id, values: [0.5] }) as const);
  const rows = besideRows(preset('figure-3'), 'dl19', own, students);
  return rows.filter(({ cells }) => cells[0]!.own !== null).map((row) => [row.printed, row.name, row.model]);
};

describe('rows of a preset', () => {
  it('are run with all that stand in where they were named, and with the first models of the paper in the page', () => {
    const models = [
      model('flan-t5-base', 'teacher'),
      model('mine', 'teacher'),
      model('student', 'student'),
      model('monot5-base-msmarco', 'base'),
    ];
    const of = (how: 'missing' | 'always') =>
      presetRows(preset('table-2'), models, how).map(({ method, checkpoint }) => `${method} ${checkpoint}`);
    expect(of('missing')).toEqual([
      ...['monot5 monot5-base-msmarco', 'rg flan-t5-base', 'prp-allpair flan-t5-base'],
      'pointwise-yes student',
    ]);
    expect(of('always').toSorted()).toEqual([
      ...['monot5 monot5-base-msmarco', 'pointwise-yes student'],
      ...['prp-allpair flan-t5-base', 'prp-allpair mine', 'rg flan-t5-base', 'rg mine'],
    ]);
    expect(missingMethods(preset('table-2'), presetRows(preset('table-2'), models, 'always'))).toEqual([
      ...['Cohere Rerank (Rerank service)', 'RankGPT (Listwise)'],
    ]);
  });
});

it('are run by services of the paper’s names', () => {
  const services = [
    model('gpt-4', 'teacher', { isService: true, standsIn: false }),
    model('rerank-english-v2.0', 'teacher', { isService: true, standsIn: false }),
  ];
  expect(presetRows(preset('table-3'), services, 'missing')).toEqual([
    { method: 'rerank', checkpoint: 'rerank-english-v2.0', template: undefined },
    { method: 'listwise', checkpoint: 'gpt-4', template: undefined },
  ]);
});

describe('a student beside the paper’s', () => {
  const base = { names: ['mine', 'FLAN-T5-Base'] };

  it('is the one of its signal: taught by itself, by a larger model, or by judgments', () => {
    const self = model('self', 'student', { ...base, teacher: 'FLAN-T5-Base' });
    const larger = model('larger', 'student', { ...base, teacher: 'FLAN-T5-XL' });
    const sft = model('judged', 'student', { ...base, supervised: true });
    expect(filledBy(self)).toEqual([[true, 'Instruction Distillation', 'FLAN-T5-Base']]);
    expect(filledBy(larger)).toEqual([[true, 'Distilled from FLAN-T5-XL', 'FLAN-T5-Base']]);
    expect(filledBy(sft)).toEqual([[true, 'SFT (10K)', 'FLAN-T5-Base']]);
    expect(filledBy(self, larger, sft)).toHaveLength(3);
  });

  it('tells by its name where nothing else does, and is a row of its own where it is none of them', () => {
    expect(filledBy(model('flan-t5-base-sft', 'student'))).toEqual([[true, 'SFT (10K)', 'FLAN-T5-Base']]);
    expect(filledBy(model('my-flan-t5-base', 'student'))).toEqual([
      [true, 'Instruction Distillation', 'FLAN-T5-Base'],
    ]);
    const other = model('o', 'student', { ...base, teacher: 'some other model' });
    expect(filledBy(other)).toEqual([[false, 'Distilled from some other model', 'mine']]);
    expect(filledBy(model('tiny', 'student'))).toEqual([[false, 'Instruction Distillation', 'tiny']]);
    // How many queries the paper's learnt is no part of one's own.
    expect(filledBy(model('tiny', 'student', { supervised: true }))).toEqual([[false, 'SFT', 'tiny']]);
    const inTable2 = besideRows(
      preset('table-2'),
      'dl19',
      [{ method: 'pointwise-yes', checkpoint: 'o', values: [1, 1, 1, 1] }],
      [other],
    );
    expect(inTable2.at(-1)).toMatchObject({
      name: 'Instruction Distillation',
      model: 'mine',
      printed: false,
    });
  });
});

describe('a report beside the paper', () => {
  const models = [model('=a|b', 'student', { names: ['=a|b'] })];
  const specs = [{ method: 'pointwise-yes', checkpoint: '=a|b' }] as const;
  const report: BesideReport = {
    source,
    preset: preset('table-2'),
    set: 'dl20',
    data: 'dl20 (54 queries, top 100)',
    specs,
    rows: besideRows(preset('table-2'), 'dl20', [{ ...specs[0], values: [0.5, 0.25, 1, 0.03] }], models),
  };

  it('has both numbers, credits the paper, and says what was not run', () => {
    const text = writeBesideMarkdown(report);
    expect(text).toContain('## dl20 (54 queries, top 100) beside the paper’s TREC DL 2020');
    expect(text).toMatch(/\| BM25 +\| +\| +\| +0\.5772 \|/);
    expect(text).toMatch(/\| Instruction Distillation \| =a\\\|b +\| +0\.5000 \| +\| +0\.2500 \|/);
    expect(text).toContain(source.url);
    expect(text).toMatch(/Not run here, for want of a checkpoint: .*RankGPT/);
  });

  it('is a table for spreadsheets, with the paper’s shares, and no formula', () => {
    const [head, ...rows] = Papa.parse<string[]>(writeBesideCsv([report]).trim()).data;
    expect(head!.slice(0, 7)).toEqual([
      ...['data', 'paper’s set', 'method', 'model', 'printed in the paper', 'nDCG@1 here', 'nDCG@1 paper'],
    ]);
    expect(rows[0]!.slice(2, 7)).toEqual(['BM25', '', 'yes', '', '0.5772']);
    const own = rows.find((row) => row[4] === 'no')!;
    expect(own.slice(3)).toEqual(["'=a|b", 'no', '0.5', '', '0.25', '', '1', '', '0.03', '']);
  });

  it('is the same as data', () => {
    expect(JSON.parse(JSON.stringify(besideJson([report])))).toMatchObject({
      preset: 'table-2',
      columns: ['ndcg@1', 'ndcg@5', 'ndcg@10', 'seconds'],
      sets: [{ set: 'dl20', rows: expect.any(Array), missing: expect.any(Array) }],
    });
  });
});
