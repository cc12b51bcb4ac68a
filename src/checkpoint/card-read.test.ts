/** Cards: a good one is read as it is, and of a bad one the file and the field are named. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tinyCard } from '../../trainer/testing/tiny-checkpoint.ts';
import { sha256 } from '../bytes/sha256.ts';
import { parseRankerCard, verifyFile } from './card-read.ts';

const good = () =>
  structuredClone({
    format: 'rankscope-checkpoint',
    version: 1,
    ...tinyCard({ maxPassageTokens: 64 }),
    provenance: {
      ...tinyCard().provenance,
      baseSha256: 'b'.repeat(64),
      labels: { sha256: 'c'.repeat(64), source: 'PRP over all pairs' },
      teacherSha256: 'd'.repeat(64),
      lossCurve: [[50, 0.6]],
      stages: [{ name: 'distil', steps: 100 }],
      trainer: 'Rankscope 0.1.0',
      validation: [
        { stage: 'distil', step: 50, values: { ndcg10: 0.5, teacherAgreement: 0.9 } },
        { step: 100, values: {} },
      ],
      recipe: 'small',
      settings: { loss: 'ranknet', learningRate: 3e-5, dropout: false },
    },
    scorers: { int8: 'onnx/scorer_int8.onnx' },
    files: { 'onnx/scorer_int8.onnx': { bytes: 3, sha256: 'a'.repeat(64) } },
    evaluation: [
      {
        set: 'held out',
        method: 'teacher',
        queries: 200,
        ndcg10: 0.5,
        difference: { against: 'BM25', mean: 0.1, low: 0.05, high: 0.15 },
        callsPerQuery: 90,
        secondsPerQuery: 0.2,
        kendallTau: 1,
      },
    ],
    comparisons: [
      {
        metric: 'kendall-tau',
        set: 'held out',
        queries: 200,
        method: 'student',
        against: 'control',
        mean: 0.2,
        low: 0.1,
        high: 0.3,
      },
    ],
    dtypeMeasures: { int8: { bytes: 3, scoreError: 0.05, agreement: 0.99, prompts: 64 } },
  }) as Record<string, unknown>;

/** A good card with the value at `path` (`a.b[0].c`) replaced; undefined removes it. */
function withValue(path: string, value: unknown): string {
  const card = good();
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop()!;
  const holder = keys.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    card,
  );
  holder[last] = value;
  return JSON.stringify(card);
}

describe('parseRankerCard', () => {
  it('reads a good card as it is', () => {
    expect(parseRankerCard(JSON.stringify(good()), 'x/ranker.json')).toEqual(good());
  });

  it('reads a card from before the optional fields, and keeps fields that it does not know', () => {
    const { comparisons, dtypeMeasures, ...rest } = good();
    const old = { ...rest, provenance: tinyCard().provenance, evaluation: [], later: { x: 1 } };
    expect(parseRankerCard(JSON.stringify(old), 'r')).toEqual(old);
  });

  it('takes a comparison without a metric', () => {
    const read = parseRankerCard(withValue('comparisons[0].metric', undefined), 'r');
    expect(read.comparisons).toHaveLength(1);
  });

  const cases: readonly (readonly [path: string, value: unknown, message: RegExp])[] = [
    ['format', undefined, /not a Rankscope checkpoint card/],
    ['version', 2, /has version 2; this Rankscope reads version 1/],
    ['name', 7, /"name" must be a string/],
    ['description', undefined, /"description" must be a string/],
    ['license', null, /"license" must be a string/],
    ['role', 'pupil', /"role" must be teacher, student or base, found "pupil"/],
    ['templates', [], /"templates" must list at least one/],
    ['templates[0]', 'paper-prp', /"templates\[0\]" must be an object/],
    ['templates[0].id', undefined, /"templates\[0\]\.id" must be a string, found nothing/],
    ['templates[1].version', 1.5, /"templates\[1\]\.version" must be a whole number, found 1\.5/],
    ['templates[0].kind', 'chatwise', /"templates\[0\]\.kind" must be one of pointwise, pairwise, setwise/],
    ['templates[0].kind', 'listwise', /"templates\[0\]\.item" must be a string/],
    ['templates[0].text', ['a'], /"templates\[0\]\.text" must be a string/],
    ['templates[0].decoderPrefix', undefined, /"templates\[0\]\.decoderPrefix" must be a string/],
    ['templates[0].labels', [], /"templates\[0\]\.labels" must be a list of words/],
    ['templates[0].labels', ['A', 2], /"templates\[0\]\.labels" must be a list of words/],
    ['templates[0].maxPassageWords', 0, /"templates\[0\]\.maxPassageWords" must be a whole number from 1/],
    ['templates[0].trained', 'no', /"templates\[0\]\.trained" must be true or false/],
    ['templates[0].source', undefined, /"templates\[0\]\.source" must be a string/],
    ['limits', undefined, /"limits" must be an object/],
    ['limits.maxTokens', 4, /"limits\.maxTokens" must be a whole number of at least 8, found 4/],
    ['limits.maxTokens', '512', /"limits\.maxTokens"/],
    ['limits.maxPassageTokens', -1, /"limits\.maxPassageTokens" must be a whole number from 1/],
    ['fusion', { weight: 2 }, /"fusion\.weight" must be a number from 0 to 1, found 2/],
    ['scorers', {}, /"scorers" must name at least one/],
    ['scorers', { fp64: 'onnx/scorer_int8.onnx' }, /"scorers" has the unknown dtype fp64/],
    ['scorers.int8', 'elsewhere.onnx', /"scorers\.int8" is not among "files"/],
    ['scorers.int8', 'toString', /"scorers\.int8" is not among "files"/],
    ['files', [], /"files" must map paths/],
    ['files.x', { bytes: 1, sha256: 'abc' }, /"files\["x"\]" must have bytes and a sha256/],
    ['files.x', { bytes: -1, sha256: 'a'.repeat(64) }, /"files\["x"\]" must have bytes/],
    ['provenance', null, /"provenance" must be an object/],
    ['provenance.steps', 'many', /"provenance\.steps" must be a whole number/],
    ['provenance.data', {}, /"provenance\.data" must be a list/],
    ['provenance.data', [{ name: 'x', use: 'y' }], /"provenance\.data\[0\]\.license" must be a string/],
    ['provenance.lossCurve', [[1, 'x']], /"provenance\.lossCurve" must be a list of \[step, loss\]/],
    ['provenance.validation', {}, /"provenance\.validation" must be a list/],
    ['provenance.validation[0].step', 1.5, /"provenance\.validation\[0\]\.step" must be a whole number/],
    [
      'provenance.validation[0].stage',
      7,
      /"provenance\.validation\[0\]\.stage" must be a string, or left out/,
    ],
    ['provenance.validation[0].values', { a: null }, /\[0\]\.values" must be an object of numbers, found/],
    [
      'provenance.validation[1].step',
      49,
      /"provenance\.validation\[1\]\.step" is 49, after 50; steps must not fall/,
    ],
    ['provenance.labels', 'x', /"provenance\.labels" must be an object/],
    ['provenance.labels.sha256', 'abc', /"provenance\.labels\.sha256" must be a SHA-256 of 64 hex digits/],
    ['provenance.labels.source', undefined, /"provenance\.labels\.source" must be a string, found nothing/],
    ['provenance.baseSha256', 'B'.repeat(64), /"provenance\.baseSha256" must be a SHA-256/],
    ['provenance.teacherSha256', 'abc', /"provenance\.teacherSha256" must be a SHA-256/],
    ['provenance.stages', { match: 3 }, /"provenance\.stages" must be a list/],
    ['provenance.stages[0].steps', -1, /"provenance\.stages\[0\]\.steps" must be a whole number, found -1/],
    ['provenance.trainer', 1, /"provenance\.trainer" must be a string, or left out/],
    ['provenance.recipe', 3, /"provenance\.recipe" must be a string, or left out/],
    ['provenance.settings', { lr: [1] }, /"provenance\.settings" must be an object of strings, numbers/],
    ['provenance.settings', ['a'], /"provenance\.settings" must be/],
    ['provenance.command', undefined, /"provenance\.command" must be a string/],
    ['evaluation', undefined, /"evaluation" must be a list/],
    ['evaluation[0].ndcg10', null, /"evaluation\[0\]\.ndcg10" must be a number, found null/],
    [
      'evaluation[0].difference.low',
      'x',
      /"evaluation\[0\]\.difference" must be \{against, mean, low, high\}/,
    ],
    ['evaluation[0].kendallTau', 1.2, /"evaluation\[0\]\.kendallTau" must be a number from −1 to 1/],
    ['evaluation[0].secondsPerQuery', '1 s', /"evaluation\[0\]\.secondsPerQuery" must be a number/],
    ['comparisons[0].metric', 'tau', /"comparisons\[0\]\.metric" must be "ndcg@10" or "kendall-tau"/],
    ['comparisons[0].low', undefined, /"comparisons\[0\]\.low" must be a number, found nothing/],
    [
      'probe',
      { prompts: ['a'], labels: ['A', 'B'], logits: { q8: [1] } },
      /"probe\.logits\.q8" must have 2 numbers/,
    ],
    [
      'probe',
      { prompts: ['a'], labels: ['A'], logits: { q8: ['1'] } },
      /"probe\.logits" must map dtypes to lists/,
    ],
    ['probe', { labels: ['A'], logits: {} }, /"probe\.prompts" must be a list of texts/],
    ['dtypeMeasures', [], /"dtypeMeasures" must map dtypes/],
    ['dtypeMeasures.int8.scoreError', 'small', /"dtypeMeasures\.int8\.scoreError" must be a number/],
  ];
  for (const [path, value, message] of cases) {
    it(`names ${path} when it is ${JSON.stringify(value) ?? 'missing'}`, () => {
      const read = () => parseRankerCard(withValue(path, value), 'x/ranker.json');
      expect(read).toThrowError(expect.objectContaining({ code: 'bad-checkpoint' }));
      expect(read).toThrowError(message);
      expect(read).toThrowError(/^x\/ranker\.json: /);
    });
  }

  for (const path of ['/etc/passwd', '../x', 'onnx/../../x']) {
    it(`refuses the path ${path}`, () => {
      const card = { ...good(), files: { [path]: { bytes: 1, sha256: 'a'.repeat(64) } } };
      expect(() => parseRankerCard(JSON.stringify(card), 'r')).toThrowError(/path outside the folder/);
    });
  }

  it('says when it got a web page, or half a file', () => {
    expect(() => parseRankerCard('<!doctype html><title>x</title>', 'r')).toThrowError(/HTML page, not JSON/);
    expect(() => parseRankerCard(JSON.stringify(good()).slice(0, 200), 'r')).toThrowError(/is not JSON/);
    for (const text of ['[]', 'null', '7']) {
      expect(() => parseRankerCard(text, 'r')).toThrowError(/is not a JSON object/);
    }
  });
});

describe('verifyFile', () => {
  const bytes = new TextEncoder().encode('the scorer');
  const digest = createHash('sha256').update(bytes).digest('hex');

  it('computes the same SHA-256 as Node', async () => {
    expect(await sha256(bytes)).toBe(digest);
  });

  it('accepts the file itself', async () => {
    await expect(verifyFile('f', bytes, { bytes: 10, sha256: digest })).resolves.toBeUndefined();
  });

  it('tells a truncated, a longer and an altered file apart', async () => {
    const expected = { bytes: 10, sha256: digest };
    const altered = bytes.slice();
    altered[3]! ^= 1;
    await expect(verifyFile('f', bytes.slice(0, 9), expected)).rejects.toThrow(
      /f is truncated: 9 bytes, ranker\.json says 10/,
    );
    await expect(verifyFile('f', new Uint8Array(11), expected)).rejects.toThrow(/f is too long/);
    await expect(verifyFile('f', altered, expected)).rejects.toThrow(/f was altered/);
  });
});
