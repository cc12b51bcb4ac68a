import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import type { ScorerInfo } from '../inference/scorer.ts';
import type { PromptTemplate } from '../ranking/template.ts';
import type { Decision } from '../ranking/types.ts';
import type { Candidate } from '../types.ts';
import { type DecisionsInput, decisionsExport, writeDecisions } from './decisions.ts';
import { readAllDecisions, readDecisions } from './decisions-read.ts';

const info: ScorerInfo = {
  name: 'tiny teacher',
  digest: 'ab12',
  dtype: 'int8',
  device: 'wasm',
  threads: 2,
  runtime: 'onnxruntime-web 1.31.0',
};
const template: PromptTemplate = {
  id: 'paper-prp',
  version: 1,
  name: 'PRP',
  kind: 'pairwise',
  text: '{query} {passage_a} {passage_b}',
  decoderPrefix: 'passage',
  labels: ['A', 'B'],
  source: 'paper A.1',
};
const candidates: Candidate[] = ['x', 'y', 'z'].map((id, i) => ({
  passage: i === 0 ? { id, title: 'T', text: `text of ${id}` } : { id, text: `text of ${id}` },
  rank: i + 1,
  score: 3 - i,
}));
const cost = { tokens: 40, ms: 1.5, cached: false, cuts: [] };
const decide = (a: number, b: number, logitA: number, logitB: number): Decision => ({
  a,
  b,
  logitA,
  logitB,
  preference: logitA > logitB ? 1 : logitA < logitB ? 0 : 0.5,
  ...cost,
});
const input: DecisionsInput = {
  query: { id: 'q1', text: 'which one?' },
  candidates,
  grades: new Map([['y', 2]]),
  student: {
    method: 'pointwise-yes',
    template: { ...template, kind: 'pointwise', labels: ['Yes'], maxPassageWords: 200 },
    info,
    state: 'done',
    order: [1, 0, 2],
    scores: [2.5, 1, -1],
    scored: [
      { index: 1, score: 2.5, logits: [2.5], ...cost, cuts: [{ slot: 'passage', kept: 10, total: 20 }] },
      { index: 0, score: 1, logits: [1], ...cost },
    ],
  },
  teacher: {
    method: 'prp-allpair',
    template,
    info,
    state: 'cancelled',
    order: [2, 0, 1],
    scores: [2, 1.5, 0.5],
    decisions: [decide(2, 0, 1.5, 0.5), decide(0, 1, 1, 1)],
  },
};

describe('an export of before a method was renamed', () => {
  it('is read as the method of today', () => {
    const today = writeDecisions(decisionsExport(input));
    const before = today.replace('"method": "pointwise-yes"', '"method": "student"');
    expect(before).not.toBe(today);
    expect(readDecisions(before)).toEqual(readDecisions(today));
  });
});

describe('answers about several passages at once', () => {
  const teacher: NonNullable<DecisionsInput['teacher']> = {
    ...input.teacher!,
    decisions: [],
    compared: [
      { shown: [2, 0, 1], winner: 0, logits: [1, 2, 0.5], ...cost },
      { shown: [1, 2], winner: 2, ...cost, cuts: [{ slot: 'passage_2', kept: 3, total: 9 }] },
    ],
    listed: [
      { shown: [0, 1, 2], order: [2, 0, 1], text: '[3] > [1]', malformed: true, ...cost },
      { shown: [1, 0], order: [0, 1], malformed: false, ...cost },
    ],
  };
  const written = writeDecisions(decisionsExport({ ...input, teacher }));

  it('are exported by passage ids, and read back as they were', () => {
    const { compared, listed } = readDecisions(written).methods.teacher;
    const [x, y, z] = candidates.map(({ passage }) => passage.id);
    expect(compared).toMatchObject([
      { shown: [z, x, y], winner: x, logits: [1, 2, 0.5] },
      { shown: [y, z], winner: z, cuts: [{ slot: 'passage_2' }] },
    ]);
    expect(listed).toMatchObject([
      { shown: [x, y, z], order: [z, x, y], text: '[3] > [1]', malformed: true },
      { shown: [y, x], order: [x, y], malformed: false },
    ]);
    expect(readDecisions(written)).toEqual(JSON.parse(written));
  });

  it('leave no trace in the file of a method that gives none', () => {
    expect(writeDecisions(decisionsExport(input))).not.toMatch(/compared|listed/);
  });

  it.each<
    [
      what: string,
      spoil: (teacher: Record<'compared' | 'listed', Record<string, unknown>[]>) => void,
      message: RegExp,
    ]
  >([
    [
      'a winner that was not shown',
      (t) => Object.assign(t.compared[1]!, { winner: 'x' }),
      /“x” is not one of those shown/,
    ],
    ['one passage alone', (t) => Object.assign(t.compared[1]!, { shown: ['z'] }), /must name 2 or more/],
    [
      'a stranger',
      (t) => Object.assign(t.listed[1]!, { shown: ['x', 'who'] }),
      /“who” is not one of the candidates/,
    ],
    ['a passage twice', (t) => Object.assign(t.listed[1]!, { shown: ['x', 'x'] }), /names a passage twice/],
    [
      'a list with a gap',
      (t) => Object.assign(t.listed[1]!, { order: ['x', 'x'] }),
      /must have each passage shown once/,
    ],
    [
      'no word of being whole',
      (t) => Object.assign(t.listed[1]!, { malformed: 1 }),
      /expected true or false/,
    ],
  ])('are refused with %s', (_, spoil, message) => {
    const file = JSON.parse(written);
    spoil(file.methods.teacher);
    expect(() => readDecisions(JSON.stringify(file))).toThrow(message);
  });
});

describe('decisionsExport', () => {
  it('has the shape other programs rely on', () => {
    const { methods, ...head } = decisionsExport(input);
    expect(head).toEqual({
      version: 1,
      query: 'which one?',
      queryId: 'q1',
      candidates: [
        { id: 'x', title: 'T', text: 'text of x', rank: 1, score: 3 },
        { id: 'y', text: 'text of y', rank: 2, score: 2, grade: 2 },
        { id: 'z', text: 'text of z', rank: 3, score: 1 },
      ],
    });
    expect(methods.bm25).toMatchObject({
      state: 'done',
      order: ['x', 'y', 'z'],
      scores: [3, 2, 1],
      checkpoint: null,
    });
    expect(methods.student.scored[0]).toEqual({
      id: 'y',
      score: 2.5,
      logits: [2.5],
      tokens: 40,
      ms: 1.5,
      cached: false,
      cuts: [{ slot: 'passage', kept: 10, total: 20 }],
    });
    expect(methods.teacher).toEqual({
      method: 'prp-allpair',
      template,
      checkpoint: { name: 'tiny teacher', digest: 'ab12', dtype: 'int8', device: 'wasm' },
      state: 'cancelled',
      order: ['z', 'x', 'y'],
      scores: [2, 1.5, 0.5],
      decisions: [
        { a: 'z', b: 'x', logitA: 1.5, logitB: 0.5, preference: 1, tokens: 40, ms: 1.5, cached: false },
        { a: 'x', b: 'y', logitA: 1, logitB: 1, preference: 0.5, tokens: 40, ms: 1.5, cached: false },
      ],
    });
  });

  it('exports what there is when nothing has run', () => {
    const { methods } = decisionsExport({ query: input.query, candidates });
    expect(methods.teacher).toMatchObject({
      state: 'idle',
      order: [],
      scores: [],
      decisions: [],
      template: null,
    });
    expect(methods.student.scored).toEqual([]);
  });
});

describe('readDecisions', () => {
  it('reads back what was written', () => {
    for (const value of [decisionsExport(input), decisionsExport({ query: input.query, candidates })]) {
      expect(readDecisions(writeDecisions(value))).toEqual(value);
    }
    const value = decisionsExport(input);
    expect(readAllDecisions(`${JSON.stringify(value)}\n${JSON.stringify(value)}\n`)).toEqual([value, value]);
    expect(() => readDecisions(JSON.stringify([value, value]), 'd')).toThrow(/several queries/);
  });

  it('reads ids that are large numbers with their digits', () => {
    const text = writeDecisions(decisionsExport({ query: input.query, candidates }));
    const [first] = candidates.map(({ passage }) => passage.id);
    const large = text.replaceAll(JSON.stringify(first), '9007199254740993');
    const read = readDecisions(large);
    expect(read.candidates[0]!.id).toBe('9007199254740993');
    expect(read.methods.bm25.order).toContain('9007199254740993');
    expect(() => readDecisions(large.replaceAll('9007199254740993', '1e21'))).toThrow(/quotation marks/);
  });

  it('reads logits of any size exactly', () => {
    const logit = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(logit, logit, (logitA, logitB) => {
        const value = decisionsExport({
          ...input,
          teacher: { ...input.teacher!, decisions: [decide(0, 1, logitA + 0, logitB + 0)] },
        });
        expect(readDecisions(writeDecisions(value))).toEqual(value);
      }),
    );
  });

  type Json = { [key: string]: Json } & Json[];
  const altered = (change: (value: Json) => void): string => {
    const value = JSON.parse(writeDecisions(decisionsExport(input))) as Json;
    change(value);
    return JSON.stringify(value);
  };
  const set = (target: Json, key: string, value: unknown) => Object.assign(target, { [key]: value });

  it.each<[string, (v: Json) => void, RegExp]>([
    ['another version', (v) => set(v, 'version', 9), /“version”: is 9/],
    ['no candidates', (v) => set(v, 'candidates', undefined), /“candidates”: expected a list/],
    ['an id twice', (v) => set(v.candidates![1]!, 'id', 'x'), /“candidates”: two have the same id/],
    [
      'an unknown passage',
      (v) => set(v.methods!.teacher!.decisions![0]!, 'a', 'w'),
      /decisions\[0\]\.a.*“w” is not one/,
    ],
    ['itself', (v) => set(v.methods!.teacher!.decisions![0]!, 'a', 'x'), /compared with itself/],
    [
      'a preference against its logits',
      (v) => set(v.methods!.teacher!.decisions![0]!, 'preference', 0),
      /is 0, but the logits 1\.5 and 0\.5 give 1/,
    ],
    ['missing scores', (v) => set(v.methods!.student!, 'scores', [1]), /has 1 entries for 3 passages/],
    ['an unknown state', (v) => set(v.methods!.bm25!, 'state', 'lost'), /expected one of idle, running/],
    ['a method gone', (v) => set(v.methods!, 'teacher', null), /“methods\.teacher”: expected an object/],
  ])('refuses %s', (_, change, message) => {
    expect(() => readDecisions(altered(change), 'd.json')).toThrow(message);
    expect(() => readDecisions(altered(change), 'd.json')).toThrow(/^d\.json, line 1/);
  });

  it('refuses a file that is cut anywhere, with bad-input', () => {
    const whole = writeDecisions(decisionsExport(input)).trimEnd();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => readDecisions(whole.slice(0, length), 'd')).toThrow(RankscopeError);
      }),
    );
  });
});
