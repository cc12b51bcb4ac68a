import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../ranking/templates.ts';
import { initialSettings, type Settings } from '../settings.ts';
import { packSettings, unpackBm25, unpackGrades, unpackSettings } from './saved-settings.ts';

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const mine: Settings = {
  ...packSettings(initialSettings),
  theme: 'dark',
  k: 17,
  schedule: 'sliding',
  passes: 3,
  studentMode: 'base',
  models: { teacher: 'a', student: null },
  customTemplates: PRESETS.map((preset) => ({ ...preset, id: `custom-${preset.id}` })),
  trueProbabilities: true,
  fusion: { by: 'interpolation', weight: 0.7 },
  bm25: { ...initialSettings.bm25, k1: 0.9, stemming: 'none' },
  fill: false,
  gain: 'exponential',
  device: 'wasm',
  dtypes: { wasm: 'q8', webgpu: undefined },
};
const FIELDS = Object.keys(mine) as (keyof Settings)[];
const read = (data: unknown) => unpackSettings(data)!;

describe('stored settings', () => {
  it('come back as they were', () => {
    expect(read(stored(mine))).toEqual(mine);
  });

  it('are none where there is no object', () => {
    for (const data of [null, [], 'x', 3]) expect(unpackSettings(data)).toBeUndefined();
  });

  it('lose a damaged or missing field alone', () => {
    const clean = read({});
    for (const field of FIELDS) {
      const { [field]: _, ...rest } = mine;
      expect(read(stored(rest)), field).toEqual({ ...mine, [field]: clean[field] });
      for (const damaged of [null, 'nonsense', { a: 1 }, [[]]]) {
        // A number may be read from many things; it stays within its bounds.
        if (field === 'k' || field === 'passes' || field === 'top') continue;
        expect(read({ ...rest, [field]: damaged }), field).toEqual({ ...mine, [field]: clean[field] });
      }
    }
  });

  it('are brought within their bounds, whatever stands there', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()), (data) => {
        const found = read(data);
        expect(Number.isInteger(found.k) && found.k >= 2 && found.k <= 200).toBe(true);
        expect(Object.keys(found).sort()).toEqual([...FIELDS].sort());
      }),
    );
  });

  it('keep templates that make sense, and few enough', () => {
    const [one] = mine.customTemplates;
    const faulty = [
      { ...one, labels: undefined },
      { ...one, labels: new Array(31).fill('x') },
      { ...one, text: 'no slots' },
      { ...one, name: 'x'.repeat(501) },
      { ...one, kind: 'listwise' },
      7,
    ];
    expect(read({ customTemplates: [...faulty, one] }).customTemplates).toEqual([one]);
    const many = Array.from({ length: 300 }, (_, i) => ({ ...one, id: `custom-${i}` }));
    expect(read({ customTemplates: many }).customTemplates).toHaveLength(200);
  });

  it('know choices by their earlier names', () => {
    expect(read({ schedule: 'sliding-window', studentMode: 'rg' })).toMatchObject({
      schedule: 'sliding',
      studentMode: 'base',
    });
  });
});

describe('stored parameters of BM25', () => {
  it('are ranked without stemming where they are of a time before it', () => {
    const { stemming: _, ...before } = mine.bm25;
    expect(unpackBm25(before, 'none')).toEqual({ ...before, stemming: 'none' });
    expect(unpackBm25({ ...before, k1: -1 })).toEqual(initialSettings.bm25);
    expect(unpackBm25({ ...before, k1: 'x' })).toEqual(initialSettings.bm25);
  });
});

describe('stored grades', () => {
  it('are all there or none', () => {
    expect(
      unpackGrades([
        ['q', 'p', 3],
        ['q', 'r', null],
      ])
        ?.get('q')
        ?.get('r'),
    ).toEqual({
      grade: null,
      from: 'user',
    });
    for (const bad of [4, -1, 0.5, 'x', undefined]) expect(unpackGrades([['q', 'p', bad]])).toBeUndefined();
    expect(unpackGrades([['q', 'p'.repeat(65), 1]])).toBeUndefined();
    expect(unpackGrades(new Array(50_001).fill(['q', 'p', 1]))).toBeUndefined();
    expect(unpackGrades([undefined, ['q', 'p', 1]])).toBeUndefined();
  });
});
