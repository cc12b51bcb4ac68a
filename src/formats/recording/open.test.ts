import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../types.ts';
import { writeRankGptHits } from '../hits.ts';
import { lineHead, writeLabelLine } from '../label-line.ts';
import { openRecordings, summarise } from './open.ts';
import type { Recording } from './recording.ts';
import { writeRecording, writeRecordingLine } from './write.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const candidates: Candidate[] = ['x', 'y', 'z'].map((id, i) => ({
  passage: { id, text: `passage ${id}` },
  rank: i + 1,
  score: 3 - i,
}));
const cost = { tokens: 9, ms: 2, cached: false, cuts: [] };

/** A recording whose decisions are [a, b, A's logit over B's]. */
function recording(id: string, decisions: readonly (readonly [number, number, number])[]): Recording {
  const items = decisions.map(([a, b, over]) => ({
    a,
    b,
    logitA: over,
    logitB: 0,
    ...cost,
    preference: over > 0 ? (1 as const) : (0 as const),
  }));
  return {
    query: { id, text: `query ${id}` },
    state: 'done',
    candidates,
    grades: new Map([['y', 2]]),
    gradesElsewhere: [3],
    made: { at: '2026-11-29T12:00:00.000Z', on: 'a machine' },
    runs: [
      {
        column: 'teacher',
        kind: 'comparing',
        method: 'prp-allpair',
        template: null,
        checkpoint: null,
        state: 'done',
        timed: true,
        events: [
          { type: 'decided', items, at: 5 },
          { type: 'ranking', order: [1, 0, 2], scores: [2, 1, 0], at: 6 },
        ],
      },
    ],
  };
}

const agrees = recording('good', [
  [0, 1, -1],
  [1, 0, 1],
]);
const contradicts = recording('bad', [
  [0, 1, 1],
  [1, 0, 1],
]);

describe('openRecordings', () => {
  it('reads what is written, plain and gzipped, one and many', () => {
    expect(openRecordings(bytes(writeRecording(agrees)), 'one.json')).toEqual([agrees]);
    const lines = writeRecordingLine(agrees) + writeRecordingLine(contradicts);
    expect(openRecordings(new Uint8Array(gzipSync(lines)), 'two.jsonl.gz')).toEqual([agrees, contradicts]);
  });

  it('reads labels as decisions without times', () => {
    const head = lineHead(
      { query: { id: 'q', text: 'a query' }, candidates },
      { kind: 'prp-allpair', name: 'teacher', digest: 'd' },
    );
    const line = writeLabelLine(head, {
      order: [2, 0, 1],
      scores: [4, 1, 1],
      decisions: [{ a: 0, b: 1, logitA: 1.5, logitB: 0.5, preference: 1, cut: 0 }],
    });
    const [read] = openRecordings(bytes(`${line}\n`), 'labels.jsonl');
    expect(read).toMatchObject({ query: { text: 'a query' }, state: 'done' });
    expect(read!.runs).toMatchObject([
      { column: 'teacher', method: 'prp-allpair', timed: false, checkpoint: null },
    ]);
    expect(read!.runs[0]!.events).toMatchObject([
      { type: 'decided', items: [{ a: 0, b: 1, logitA: 1.5, preference: 1 }] },
      { type: 'ranking', order: [2, 0, 1] },
    ]);
  });

  const refused: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
    ['nothing', '', /empty/],
    ['another file', '{"a": 1}', /not a recording/],
    ['rankings alone', '{"version": 1, "method": "x", "queries": []}', /--format recording/],
    ['not JSON', '{"version": 1, "candid', /line 1/],
    [
      'candidates without a ranking',
      writeRankGptHits([{ query: { id: 'q', text: 'q' }, candidates }]),
      /nobody has ranked/,
    ],
    ['another program’s lists', '[{"query": {"text": "q"}, "invocations_history": []}]', /rank_llm/],
    [
      'a stranger',
      JSON.stringify({ version: 2, query: 'q', candidates: [], methods: {} }),
      /methods\.student/,
    ],
    [
      'more candidates than can be shown',
      JSON.stringify({
        version: 2,
        query: 'q',
        candidates: new Array(201).fill({ id: 'x', text: '' }),
        methods: {},
      }),
      /201 candidates/,
    ],
    ['a newer version', writeRecording(agrees).replace('"version": 2', '"version": 9'), /version/],
    [
      'logits that do not fit the preference',
      writeRecording(agrees).replace('"preference":1', '"preference":0'),
      /preference/,
    ],
    ['a passage that is not there', writeRecording(agrees).replace('"a":"x"', '"a":"nobody"'), /nobody/],
    ['times that run backwards', writeRecording(agrees).replace('"ranking",6', '"ranking",1'), /log\[1\]/],
    [
      'an order that is none',
      writeRecording(agrees).replace('"ranking",6,[1,0,2]', '"ranking",6,[1,1,2]'),
      /log\[1\]/,
    ],
  ];
  for (const [what, text, reason] of refused) {
    it(`refuses ${what} with a reason`, () => {
      expect(() => openRecordings(bytes(text), 'file.json')).toThrow(reason);
    });
  }

  it('refuses a small file that would fill the memory', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      passage: { id: `p${i}`, text: '' },
      rank: i + 1,
      score: 0,
    }));
    const row = '["ranking",6,null]';
    const [run] = agrees.runs;
    const order = many.map((_, i) => i);
    const events = [{ type: 'ranking', order, scores: order.map(() => 0), at: 6 } as const];
    const text = writeRecording({ ...agrees, candidates: many, runs: [{ ...run!, events }] });
    const bomb = text.replace(/\["ranking",6,[^\n]*\]/, new Array(50_001).fill(row).join());
    expect(() => openRecordings(new Uint8Array(gzipSync(bomb)), 'bomb.json.gz')).toThrow(/so many events/);
  });

  it('refuses gzip that is cut off or damaged', () => {
    const whole = gzipSync(writeRecording(agrees));
    expect(() => openRecordings(new Uint8Array(whole.subarray(0, -9)), 'cut.gz')).toThrow(/cut off/);
    whole[60]! ^= 255;
    expect(() => openRecordings(new Uint8Array(whole), 'bad.gz')).toThrow(/damaged|gzip/);
  });
});

it('lists the most contradictory query first', () => {
  expect(summarise([agrees, contradicts, agrees])).toMatchObject([
    { index: 1, queryId: 'bad', contradictory: 1, pairs: 1, decisions: 2, methods: ['prp-allpair'] },
    { index: 0, contradictory: 0, pairs: 1 },
    { index: 2 },
  ]);
});
