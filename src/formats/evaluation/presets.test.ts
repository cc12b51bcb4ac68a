import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnNamed } from '../../evaluation/table/columns.ts';
import { readMethodId } from '../../ranking/methods/registry.ts';
import { PRESETS } from '../../ranking/presets.ts';
import { isModel, printedValue, readPresets, SECONDS, setLike } from './presets.ts';

const FILE = new URL('../../../public/presets/instruction-distillation.json', import.meta.url);
const PAPER = new URL('../../../../shared/reference/paper.txt', import.meta.url);
const read = () => readPresets(JSON.parse(readFileSync(FILE, 'utf8')), 'presets');
const preset = (id: string) => read().presets.find((one) => one.id === id)!;

describe('the shipped presets', () => {
  it('name methods, wordings and columns that there are', () => {
    const others = ['bm25', 'random', 'popularity'];
    for (const { rows, columns, sets } of read().presets) {
      for (const column of columns) if (column !== SECONDS) expect(columnNamed(column), column).toBeDefined();
      for (const { method, template, values } of rows) {
        if (method !== null && !others.includes(method)) expect(readMethodId(method), method).toBeDefined();
        if (template) expect(PRESETS.map(({ id }) => id)).toContain(template);
        for (const set of Object.keys(values)) expect(sets.map(({ id }) => id)).toContain(set);
      }
    }
  });

  it('average to what the paper prints as the average', () => {
    const { rows, sets } = preset('table-3');
    const eight = sets.filter(({ id }) => id !== 'average').map(({ id }) => id);
    for (const row of rows) {
      const mean = eight.reduce((sum, set) => sum + row.values[set]!['ndcg@10']!, 0) / eight.length;
      expect(Math.abs(mean - row.values.average!['ndcg@10']!), row.name).toBeLessThan(0.011);
    }
  });

  it.skipIf(!safeRead(PAPER))('have the numbers of the paper, row by row', () => {
    const lines = safeRead(PAPER)!.split('\n');
    const { rows } = preset('table-2');
    for (const { name, model, values } of rows.filter(({ method }) => method !== 'monot5')) {
      const line = lines.find((one) => one.startsWith(`${name} | ${model ?? '–'} |`))!;
      const of = (set: string) =>
        ['ndcg@1', 'ndcg@5', 'ndcg@10'].map((id) => values[set]![id]!.toFixed(2)).join(' / ');
      expect(line).toContain(`| ${of('dl19')} | ${of('dl20')} |`);
    }
    for (const { name, model, values } of preset('table-4').rows) {
      const llm = model?.replace('FLAN-', '') ?? '–';
      const line = lines.findLast((one) => one.startsWith(`${name} | ${llm} |`))!;
      expect(line).toMatch(new RegExp(`\\| ${values.redial!['accuracy@1']!.toFixed(2)} \\|$`));
    }
  });
});

function safeRead(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}

describe('readPresets', () => {
  it('names the field that is wrong', () => {
    const file = JSON.parse(readFileSync(FILE, 'utf8'));
    file.presets[1].rows[2].values.covid['ndcg@10'] = 'high';
    expect(() => readPresets(file, 'own.json')).toThrow(/own\.json, presets\.1\.rows\.2\.values\.covid/);
  });
});

describe('presets', () => {
  it('know data and models by their names', () => {
    expect(setLike(preset('table-3'), 'scifact')).toBe('scifact');
    expect(setLike(preset('table-2'), 'msmarco-dl20')).toBe('dl20');
    expect(setLike(preset('table-2'), 'mine')).toBe('dl19');
    expect(isModel('google/flan-t5-xl', 'FLAN-T5-XL')).toBe(true);
    expect(isModel('flan-t5-xlarge', 'FLAN-T5-XL')).toBe(false);
    const row = preset('table-2').rows[0]!;
    expect(printedValue(row, 'dl19', 'ndcg@10')).toBeCloseTo(0.5058, 9);
    expect(printedValue(row, 'dl19', SECONDS)).toBeUndefined();
  });
});
