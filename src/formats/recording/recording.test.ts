import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from '../../ranking/cache.ts';
import { createMethod } from '../../ranking/create-method.ts';
import type { Fusion } from '../../ranking/fusion.ts';
import { METHOD_IDS, type MethodId, methodNamed } from '../../ranking/methods/registry.ts';
import { progressAt } from '../../ranking/progress/apply-events.ts';
import { kindOf, type LogEvent } from '../../ranking/progress/progress.ts';
import { candidatesOf, FakeScorer } from '../../ranking/testing/fake-scorer.ts';
import { thatWrites } from '../../ranking/testing/writer.ts';
import { DEFAULT_BM25 } from '../../retrieval/types.ts';
import { decisionsExport, writeDecisions } from '../decisions.ts';
import { readDecisions } from '../decisions-read.ts';
import { readRecording, readRecordings } from './read.ts';
import type { RecordedRun, Recording } from './recording.ts';
import { writeRecording } from './write.ts';

const query = { id: 'q7', text: 'red apple' };

/** A run of a method, stopped and resumed where that is asked for. */
async function runOf(
  method: MethodId,
  texts: readonly string[],
  random: () => number,
  stops: boolean,
  fusion?: Fusion,
): Promise<RecordedRun> {
  const candidates = candidatesOf(texts);
  const { template } = methodNamed(method);
  const stop = new AbortController();
  let batches = 0;
  const scorer = thatWrites(
    new FakeScorer({
      answer: (_, labels) => Array.from({ length: labels }, () => Math.fround(random() * 20 - 10)),
      random,
      keepUnits: 3,
      onBatch: () => {
        if (stops && ++batches === 2) stop.abort();
      },
    }),
  );
  const cache = new ComparisonCache();
  const ranking = createMethod(method, { template, cache, fusion });
  const events: LogEvent[] = [];
  try {
    for await (const event of ranking.rank(query, candidates, scorer, { signal: stop.signal }))
      events.push(event);
  } catch {
    const before = events.at(-1)!.at;
    events.push({ type: 'resumed', at: before });
    for await (const event of ranking.rank(query, candidates, scorer))
      events.push({ ...event, at: before + event.at });
  }
  const column = kindOf(method) === 'pointwise' ? 'student' : 'teacher';
  return {
    column,
    kind: kindOf(method),
    method,
    template,
    checkpoint: scorer.info,
    state: 'done',
    timed: true,
    events,
    fusion,
    passes: method === 'prp-sliding' ? 10 : undefined,
  };
}

const recordingOf = (texts: readonly string[], runs: readonly RecordedRun[]): Recording => ({
  query,
  candidates: candidatesOf(texts),
  grades: new Map([['p1', 2]]),
  state: 'done',
  runs,
  firstStage: { bm25: DEFAULT_BM25, k: 10, fill: true },
});

/** Times as they are written: to a microsecond. */
const rounded = ({ events, ...run }: RecordedRun): RecordedRun => ({
  ...run,
  events: events.map((event) => ({ ...event, at: Number(event.at.toFixed(3)) })),
});

describe('a recording', () => {
  it('comes back as it was, stopped and resumed runs too, and is a file of decisions as well', async () => {
    const one = fc.record({
      method: fc.constantFrom(...METHOD_IDS),
      texts: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
      random: fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      stops: fc.boolean(),
      fusion: fc.constantFrom<(Fusion | undefined)[]>(
        undefined,
        { by: 'rrf' },
        { by: 'interpolation', weight: 0.7 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(one, async ({ method, texts, random, stops, fusion }) => {
        const run = await runOf(method, texts, () => random.next().value as number, stops, fusion);
        const recording = recordingOf(texts, [run]);
        const text = writeRecording(recording);
        const read = readRecording(text);
        expect(read).toEqual({
          ...recording,
          grades: new Map(
            [...recording.grades].filter(
              ([id]) => texts.length > 0 && recording.candidates.some((c) => c.passage.id === id),
            ),
          ),
          runs: [rounded(run)],
        });
        expect(readRecordings(`[${text},${text}]`)).toEqual([read, read]);
        const { methods } = readDecisions(text);
        const asked = new Set(methods.teacher.decisions.map(({ a, b }) => `${a} ${b}`));
        expect(asked.size).toBe(methods.teacher.decisions.length);
        const { order } = progressAt(run.kind, texts.length, run.events);
        expect(methods[run.column].order).toEqual(order.map((i) => recording.candidates[i]!.passage.id));
      }),
      { numRuns: 80 },
    );
  });

  it('of before there were logs is one without times', async () => {
    const texts = ['a', 'b', 'c'];
    const run = await runOf('prp-allpair', texts, Math.random, false);
    const { order, scores, ...progress } = progressAt('comparing', 3, run.events);
    const decisions = progress.kind === 'comparing' ? progress.matrix.list() : [];
    const { template } = run;
    const info = { name: 'T', digest: '1', dtype: 'int8', device: 'wasm' } as const;
    const record = { method: 'prp-allpair', template, info, state: 'done', order, scores } as const;
    const text = writeDecisions(
      decisionsExport({ query, candidates: candidatesOf(texts), teacher: { ...record, decisions } }),
    );
    expect(JSON.parse(text)).toMatchObject({ version: 1 });
    const [old] = readRecording(text).runs;
    expect(old).toMatchObject({ timed: false, method: 'prp-allpair', checkpoint: info });
    const again = progressAt('comparing', 3, old!.events);
    expect(again).toMatchObject({ order, scores, asked: 6 });
    expect(again.kind === 'comparing' && again.matrix.list()).toEqual(decisions);
  });

  it('of 100 candidates, all pairs, is below 1 MB gzipped', async () => {
    const words =
      'the wing of an aircraft at high speed in a boundary layer with heat transfer and shock waves over plates'.split(
        ' ',
      );
    let seed = 1;
    const random = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const text = (i: number) =>
      `${i} ${Array.from({ length: 150 }, () => words[Math.floor(random() * words.length)]).join(' ')}`;
    const texts = Array.from({ length: 100 }, (_, i) => text(i));
    const runs = [
      await runOf('pointwise-yes', texts, random, false),
      await runOf('prp-allpair', texts, random, false),
    ];
    const recording = recordingOf(texts, runs);
    const written = writeRecording(recording);
    const bytes = gzipSync(written).length;
    expect(bytes).toBeLessThan(1e6);
    expect(readRecording(written).runs[1]).toEqual(rounded(runs[1]!));
  });
});

describe('a recording that is damaged', () => {
  it('is refused with the place', async () => {
    const texts = ['a', 'b', 'c'];
    const text = writeRecording(recordingOf(texts, [await runOf('prp-allpair', texts, Math.random, false)]));
    const spoilt = (
      change: (file: { version: number; methods: { teacher: { log: unknown[]; method: string } } }) => void,
    ) => {
      const file = JSON.parse(text);
      change(file);
      return () => readRecording(JSON.stringify(file), 'x.json');
    };
    expect(spoilt((file) => void Object.assign(file, { version: 3 }))).toThrow(
      /“version”: is 3; this program reads versions 1 and 2/,
    );
    expect(spoilt(({ methods }) => void methods.teacher.log.splice(0, 1, 7))).toThrow(
      /x\.json.*“methods\.teacher\.log\[0\]”: expected a list/,
    );
    expect(spoilt(({ methods }) => void methods.teacher.log.push(['decided', 1e9, 99]))).toThrow(
      /names an answer that is not there: 99/,
    );
    expect(spoilt(({ methods }) => void methods.teacher.log.push(['done', 0, 1, 1, 1, 1, 1]))).toThrow(
      /its time is not one after/,
    );
    expect(spoilt(({ methods }) => void methods.teacher.log.push(['ranking', 1e9, [0, 1, 1]]))).toThrow(
      /must order the 3 candidates/,
    );
    expect(spoilt(({ methods }) => void methods.teacher.log.push(['guessed', 1e9]))).toThrow(
      /of no kind that there is: "guessed"/,
    );
    expect(spoilt(({ methods }) => void Object.assign(methods.teacher, { method: 'rg' }))).toThrow(
      /rg does not rank in this column/,
    );
  });

  it('never fails in another way', async () => {
    const texts = ['a', 'b'];
    const text = writeRecording(recordingOf(texts, [await runOf('prp-heapsort', texts, Math.random, false)]));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(text.length), fc.string(), (from, length, other) => {
        const broken = text.slice(0, from) + other + text.slice(from + (length % 40));
        try {
          readRecording(broken);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-input' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
