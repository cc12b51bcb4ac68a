import { expect, it } from 'vitest';
import type { Found, StoredModel, Use } from '../../../workers/download-protocol.ts';
import { proposedUse } from './open-local.ts';
import { consent, conversionWords, progressWords, storedWords } from './words.ts';

const use = (patch: Partial<Use> = {}): Use => ({
  kind: 'original',
  files: [{ path: 'model.safetensors', size: 308e6, url: 'https://huggingface.co/x/resolve/c/m' }],
  bytes: 308e6,
  ...patch,
});
const found: Found = {
  id: 'hub:a/b@c',
  title: 'a/b',
  address: 'a/b',
  source: 'hub',
  license: 'apache-2.0',
  files: [],
  uses: [use()],
};

it('asks for consent by host, size, licence and memory', () => {
  expect(consent(found, use(), ['q8', 'int8'], 8)).toBe(
    'Fetches 308 MB from huggingface.co (licence apache-2.0). Converting it takes about 716 MB of memory. ' +
      'It is then converted here to q8 and int8, and what was fetched is removed.',
  );
  const ready = use({ kind: 'checkpoint', dtype: 'int8', bytes: 1e9 });
  expect(consent({ ...found, license: undefined }, ready, [], 4)).toMatch(
    /no licence is stated\)\. Ranking with it takes about 2\.4 GB of memory\. That is a lot for this machine, which reports 4 GB/,
  );
});

it('tells how a download and a conversion go', () => {
  const progress = { bytes: 12e6, total: 308e6, bytesPerSecond: 4.2e6, secondsLeft: 70 };
  expect(progressWords(progress)).toBe('12 MB of 308 MB · 4.2 MB/s · about 70 s left');
  const waiting = {
    reason: 'retry',
    seconds: 2,
    message: 'x cannot be reached: trying again in 2 s.',
  } as const;
  expect(progressWords({ bytes: 0, total: 5, waiting })).toBe(`0 B of 5 B · ${waiting.message}`);
  const stage = { stage: 'scorer', what: 'onnx/scorer_int8.onnx', done: 41, total: 100 } as const;
  expect(conversionWords(stage, 8)).toBe('Quantising into onnx/scorer_int8.onnx · 41 % · about 8 s left');
  expect(conversionWords(null)).toBe('Checking what was downloaded');
});

it('says of a stored model what it is and which dtypes it has', () => {
  const file = (path: string) => ({ path, size: 1, stored: path, done: true });
  const model: StoredModel = {
    format: 1,
    id: 'm',
    title: 'a/b',
    address: 'a/b',
    source: 'converted',
    kind: 'checkpoint',
    license: 'apache-2.0',
    files: ['config.json', 'onnx/scorer_q8.onnx', 'onnx/scorer_q8.onnx_data', 'onnx/scorer_int8.onnx'].map(
      file,
    ),
    bytes: 165e6,
    added: 1,
    place: 'disk',
    held: 165e6,
    whole: true,
  };
  expect(storedWords(model)).toBe('converted here · q8 and int8 · 165 MB · apache-2.0');
  expect(storedWords({ ...model, kind: 'transformers-js', source: 'hub', dtype: 'fp32', files: [] })).toBe(
    'transformers.js layout · fp32 · 165 MB · apache-2.0',
  );
});

it('proposes 8-bit blocks of a ready checkpoint where there is a graphics card, else what comes first', () => {
  const uses = (['int8', 'q8'] as const).map((dtype) => use({ kind: 'checkpoint', dtype }));
  expect([proposedUse(uses, true), proposedUse(uses, false)]).toEqual([1, 0]);
  expect(proposedUse([use(), use({ kind: 'transformers-js', dtype: 'q8' })], true)).toBe(0);
});
