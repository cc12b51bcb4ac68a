import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HubServer, rateLimited } from '../../e2e/hub-server/hub-server.ts';
import { repoOfFiles, repoOfFolder } from '../../e2e/hub-server/repo.ts';
import { tinyCrossEncoder } from '../../trainer/testing/tiny-cross-encoder.ts';
import { HubFolder } from './hub-folder.ts';
import { lookInto, lookUp } from './look-up.ts';
import type { SourceFile } from './source-file.ts';
import { UrlFolder } from './url-folder.ts';
import { type Known, usableFrom } from './usable.ts';

const T5 = { 'config.json': '{"model_type": "t5"}', 'tokenizer.json': '{}', 'tokenizer_config.json': '{}' };
const original = repoOfFiles({
  ...T5,
  'model.safetensors': 'weights',
  'flax_model.msgpack': 'x',
  'README.md': '#',
});
const student = repoOfFolder(join(import.meta.dirname, '../../public/models/demo-student'));
let hub: HubServer;

beforeAll(async () => {
  hub = await HubServer.start({ pageSize: 3 });
  hub.host('google/t5', { repo: original, license: 'apache-2.0', modelType: 't5' });
  hub.host('me/student', { repo: student });
  hub.host('some/bert', { repo: repoOfFiles({ 'model.safetensors': 'x' }), modelType: 'bert' });
  hub.host('some/cross', {
    repo: repoOfFiles({ ...T5, 'onnx/model.onnx': 'm', 'onnx/model_quantized.onnx': 'q' }),
    modelType: 'bert',
    architectures: ['BertForSequenceClassification'],
  });
  hub.host('shy/t5', { repo: original, gated: 'manual' });
});
beforeEach(() => {
  hub.faults.clear();
  hub.asked.length = 0;
});
afterAll(() => hub.close());

const patience = { sleep: async () => {} };
const find = (text: string) => lookUp(text, hub.url, patience);

describe('looking up a model of the hub', () => {
  it('lists files with sizes and digests over pages, pinned to the commit, and fetches none', async () => {
    const found = await find('google/t5');
    expect(found).toMatchObject({
      title: 'google/t5',
      commit: original.commit,
      license: 'apache-2.0',
      gated: false,
    });
    expect(found.files).toHaveLength(6);
    const weights = found.files.find(({ path }) => path === 'model.safetensors')!;
    expect(weights).toEqual({
      path: 'model.safetensors',
      size: 7,
      gitSha1: undefined,
      sha256: original.files.find(({ path }) => path === 'model.safetensors')!.lfs,
      url: `${hub.url}/google/t5/resolve/${original.commit}/model.safetensors`,
    });
    expect(found.files.find(({ path }) => path === 'config.json')!.gitSha1).toMatch(/^[0-9a-f]{40}$/);
    expect(found.uses).toMatchObject([{ kind: 'original' }]);
    expect(found.uses[0]!.files.map(({ path }) => path)).not.toContain('flax_model.msgpack');
    expect(hub.asked.every(({ url }) => url.startsWith('/api/'))).toBe(true);
    expect(hub.asked.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
  });

  it('goes on with the commit it has found while main moves', async () => {
    hub.host('a/moving', { repo: original });
    const folder = new HubFolder({ kind: 'hub', hub: hub.url, id: 'a/moving', revision: 'main' }, patience);
    await folder.list();
    hub.host('a/moving', { repo: repoOfFiles({ 'config.json': '{"other": true}' }) });
    const source = await folder.open('config.json');
    expect(new TextDecoder().decode(await source.read(0, source.size))).toBe(T5['config.json']);
  });

  it('tells apart what is missing, gated and no T5', async () => {
    await expect(find('google/none')).rejects.toMatchObject({ code: 'missing', details: { gated: false } });
    await expect(find('google/t5@v9')).rejects.toThrow(/google\/t5 at v9 .*does not exist/);
    expect(await find('shy/t5')).toMatchObject({
      gated: true,
      uses: [],
      why: expect.stringContaining('sign in'),
    });
    const gated = new HubFolder({ kind: 'hub', hub: hub.url, id: 'shy/t5', revision: 'main' }, patience);
    const config = await gated.open('config.json');
    await expect(config.read(0, 2)).rejects.toMatchObject({ code: 'missing', details: { gated: true } });
    expect(await find('some/bert')).toMatchObject({ uses: [], why: expect.stringContaining('bert') });
    const { uses } = await find('some/cross');
    expect(uses.map(({ kind, dtype }) => [kind, dtype])).toEqual([
      ['text-classification', 'fp32'],
      ['text-classification', 'q8'],
    ]);
  });

  it('waits for a rate limit as long as it says, and shows that it waits', async () => {
    hub.faults.add({ on: 'hub', path: /tree/, harm: rateLimited(7), times: 2 });
    const waits: (number | undefined)[] = [];
    await lookUp('google/t5', hub.url, { ...patience, onWait: (waiting) => waits.push(waiting?.seconds) });
    expect(waits).toEqual([7, undefined, 7, undefined]);
    hub.faults.add({ on: 'hub', harm: rateLimited(4000) });
    await expect(find('google/t5')).rejects.toMatchObject({ code: 'network', details: { status: 429 } });
  });

  it('tries again after a fault of the server, and says what came in place of JSON', async () => {
    hub.faults.add({ on: 'hub', harm: { status: 503 }, times: 3 });
    expect((await find('google/t5')).files).toHaveLength(6);
    hub.faults.add({ on: 'hub', harm: { status: 503 }, times: 4 });
    await expect(find('google/t5')).rejects.toMatchObject({ code: 'network', details: { status: 503 } });
    hub.faults.clear();
    hub.faults.add({ on: 'hub', harm: { html: true } });
    await expect(find('google/t5')).rejects.toThrow(/a web page instead of JSON/);
    await expect(lookUp('a/b', 'http://127.0.0.1:9', patience)).rejects.toThrow(/cannot be reached/);
  });

  it('waits for nothing on a machine without a network, and says that it is offline', async () => {
    const waits: unknown[] = [];
    const offline = { ...patience, offline: () => true, onWait: (wait: unknown) => waits.push(wait) };
    await expect(lookUp('a/b', 'http://127.0.0.1:9', offline)).rejects.toMatchObject({
      code: 'network',
      message: 'a/b cannot be had: this machine is offline. Connect it, and look again.',
      details: { offline: true },
    });
    expect(waits).toEqual([]);
    // A server on the machine itself answers all the same.
    expect((await lookUp('google/t5', hub.url, offline)).files).toHaveLength(6);
  });

  it('stops when it is cancelled while it waits', async () => {
    const stop = new AbortController();
    hub.faults.add({ on: 'hub', harm: rateLimited(60) });
    const asking = lookUp('google/t5', hub.url, { signal: stop.signal, onWait: () => stop.abort() });
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('whatever a hub answers, it is a list of files or an error in words', async () => {
  const real = globalThis.fetch;
  const entry = fc.record({
    type: fc.constantFrom('file', 'directory', 7),
    path: fc.oneof(fc.string(), fc.constantFrom('../x', 'config.json', 'a:b')),
    size: fc.oneof(fc.integer(), fc.string()),
    lfs: fc.oneof(
      fc.constant(undefined),
      fc.record({ oid: fc.string(), size: fc.jsonValue() }),
      fc.jsonValue(),
    ),
  });
  const info = fc.record({
    sha: fc.constant('a'.repeat(40)),
    gated: fc.jsonValue(),
    cardData: fc.jsonValue(),
  });
  const answers = fc.tuple(fc.oneof(info, fc.jsonValue()), fc.oneof(fc.array(entry), fc.jsonValue()));
  try {
    await fc.assert(
      fc.asyncProperty(answers, fc.string(), async (bodies, link) => {
        let asked = 0;
        globalThis.fetch = async (url) => {
          expect(String(url)).toMatch(/^https:\/\/hub\.example\/api\/models\/a\/b\//);
          const headers = { link: `<https://elsewhere.example/?${encodeURIComponent(link)}>; rel="next"` };
          return new Response(JSON.stringify(bodies[Math.min(asked++, 1)]), {
            headers: asked < 4 ? headers : {},
          });
        };
        try {
          const { files } = await lookUp('a/b', 'https://hub.example', patience);
          for (const { path, size } of files) expect([path, size >= 0]).not.toContain('../x');
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(network|bad-input|missing)$/) });
        }
      }),
      { numRuns: 200 },
    );
  } finally {
    globalThis.fetch = real;
  }
});

describe('looking up a folder by its URL', () => {
  it('takes files and digests from the card', async () => {
    const found = await find(`${hub.url}/plain/me/student/ranker.json`.replace('127.0.0.1', 'localhost'));
    expect(found).toMatchObject({ source: 'url', title: 'Rankscope demo student' });
    expect(found.uses[0]).toMatchObject({ kind: 'checkpoint', dtype: 'int8' });
    const paths = found.uses[0]!.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['ranker.json', 'config.json', 'onnx/scorer_int8.onnx']));
    expect(paths).not.toContain('model.safetensors');
    const folder = new UrlFolder(`${hub.url}/plain/me/student/`, patience);
    const source = await folder.open('onnx/scorer_int8.onnx');
    const bytes = await source.read(1000, 16);
    const whole = student.files.find(({ path }) => path === 'onnx/scorer_int8.onnx')!.bytes();
    expect(Buffer.from(bytes)).toEqual(whole.subarray(1000, 1016));
  });

  it('says what is missing', async () => {
    await expect(lookUp('http://localhost:9/x', hub.url, patience)).rejects.toThrow(/cannot be reached/);
    const plain = `${hub.url}/plain/google/t5/`.replace('127.0.0.1', 'localhost');
    await expect(find(plain.replace('t5', 'none'))).rejects.toThrow(/no ranker\.json and no config\.json/);
  });

  it('finds a cross-encoder in a folder without a card', async () => {
    const config = { architectures: ['BertForSequenceClassification'], model_type: 'bert' };
    const repo = repoOfFiles({
      ...T5,
      'config.json': JSON.stringify(config),
      'onnx/model.onnx': 'm',
      'onnx/model.onnx_data': 'd',
    });
    hub.host('my/cross', { repo });
    const { uses } = await find(`${hub.url}/plain/my/cross/`.replace('127.0.0.1', 'localhost'));
    expect(uses).toMatchObject([{ kind: 'text-classification', dtype: 'fp32' }]);
    expect(uses[0]!.files.map(({ path }) => path)).toContain('onnx/model.onnx_data');
  });

  it('looks for the names of a folder without a card, and reads no more than heads and config.json', async () => {
    const pair = repoOfFiles({
      ...T5,
      'onnx/encoder_model.onnx': 'e',
      'onnx/encoder_model.onnx_data': 'weights',
      'onnx/encoder_model.onnx_data_1': 'more weights',
      'onnx/decoder_model.onnx': 'dd',
      'onnx/encoder_model_q4.onnx': 'q',
      'onnx/decoder_model_merged_q4.onnx': 'qm',
      'onnx/decoder_model_quantized.onnx': 'of no encoder',
      'onnx/encoder_model_fp16.onnx': 'never used',
    });
    hub.host('my/pair', { repo: pair });
    const url = `${hub.url}/plain/my/pair/`.replace('127.0.0.1', 'localhost');
    const found = await find(url);
    expect(found).toMatchObject({ title: 'pair', source: 'url', address: url });
    const uses = found.uses.map(({ kind, dtype, files }) => [kind, dtype, files.map(({ path }) => path)]);
    const small = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
    expect(uses).toEqual([
      [
        'transformers-js',
        'fp32',
        [
          ...small,
          'onnx/encoder_model.onnx',
          'onnx/encoder_model.onnx_data',
          'onnx/encoder_model.onnx_data_1',
          'onnx/decoder_model.onnx',
        ],
      ],
      [
        'transformers-js',
        'q4',
        [...small, 'onnx/encoder_model_q4.onnx', 'onnx/decoder_model_merged_q4.onnx'],
      ],
    ]);
    for (const { path, size } of found.files) {
      expect([path, size]).toEqual([path, pair.files.find((file) => file.path === path)!.size]);
    }
    // Heads are asked for unpacked, and only config.json for its content, by its length.
    const asked = hub.asked.filter(({ url: path }) => path.includes('/plain/my/pair/'));
    expect(asked.length).toBeLessThan(30);
    const plain = asked.filter(({ headers }) => headers.range === undefined).map(({ url: path }) => path);
    expect(plain.map((path) => path.split('/').at(-1))).toEqual(['ranker.json']);
    const read = asked.filter(({ headers }) => /-\d+$/.test(headers.range ?? ''));
    expect(read.map(({ url: path }) => path.split('/').at(-1))).toEqual(['config.json']);
  });

  it('finds an original in a folder without a card, and says where a model is of another family', async () => {
    const plain = (id: string) => `${hub.url}/plain/${id}/`.replace('127.0.0.1', 'localhost');
    expect((await find(plain('google/t5'))).uses).toMatchObject([{ kind: 'original' }]);
    hub.host('a/bart', {
      repo: repoOfFiles({ ...T5, 'config.json': '{"model_type": "bart"}', 'model.safetensors': 'x' }),
    });
    expect(await find(plain('a/bart'))).toMatchObject({ uses: [], why: expect.stringContaining('bart') });
  });

  it('takes a web page for no file, and says that a server is out of order', async () => {
    const url = `${hub.url}/plain/google/t5/`.replace('127.0.0.1', 'localhost');
    hub.faults.add({ on: 'hub', path: /onnx/, harm: { html: true }, times: 99 });
    expect((await find(url)).uses).toMatchObject([{ kind: 'original' }]);
    hub.faults.clear();
    hub.faults.add({ on: 'hub', path: /encoder_model\.onnx/, harm: { status: 503 }, times: 9 });
    await expect(find(url)).rejects.toMatchObject({ code: 'network', details: { status: 503 } });
  });
});

describe('looking into a dropped folder', () => {
  it('finds a checkpoint, with the digests of its card', async () => {
    const files = student.files.map(({ path, size, bytes }) => ({
      path,
      size,
      blob: new Blob([bytes() as never]),
    }));
    const found = await lookInto({ kind: 'folder', name: 'mine', files });
    expect(found).toMatchObject({ title: 'Rankscope demo student', source: 'local' });
    expect(found.uses[0]!.files.find(({ path }) => path === 'config.json')!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('finds a cross-encoder in a dropped folder, and says what an encoder without a head is', async () => {
  const look = (config: object) => {
    const files = [...tinyCrossEncoder({ config: { ...config } })].map(([path, bytes]) => ({
      path,
      size: bytes.length,
      blob: new Blob([bytes]),
    }));
    return lookInto({ kind: 'folder', name: 'cross', files });
  };
  expect(await look({})).toMatchObject({
    title: 'cross',
    uses: [{ kind: 'text-classification', dtype: 'fp32', files: { length: 4 } }],
  });
  expect(await look({ architectures: ['BertModel'] })).toMatchObject({
    uses: [],
    why: expect.stringMatching(/^It has no classification head/),
  });
});

describe('what can be made of a folder', () => {
  const of = (...paths: string[]) => usableFrom(paths.map((path): SourceFile => ({ path, size: 1 })));
  const tokenizer = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

  it.each([
    [['config.json', 'spiece.model', 'pytorch_model.bin'], ['pickle']],
    [[...tokenizer, 'model.safetensors', 'pytorch_model.bin'], ['original']],
    [[...tokenizer, 'model.safetensors.index.json', 'model-00001-of-00002.safetensors'], ['original']],
    [[...tokenizer, 'onnx/encoder_model.onnx', 'onnx/decoder_model.onnx'], ['transformers-js fp32']],
    [
      [...tokenizer, 'onnx/encoder_model_q4.onnx', 'onnx/decoder_model_merged_q4.onnx', 'model.safetensors'],
      ['original', 'transformers-js q4'],
    ],
    [
      ['ranker.json', 'onnx/scorer_q4.onnx', 'onnx/scorer_int8.onnx'],
      ['checkpoint int8', 'checkpoint q4'],
    ],
  ])('%j', (paths, expected) => {
    const { uses } = of(...paths);
    expect(uses.map(({ kind, dtype }) => (dtype ? `${kind} ${dtype}` : kind))).toEqual(expected);
    for (const { files, bytes } of uses) expect(bytes).toBe(files.length);
  });

  const cross = [...tokenizer, 'onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_fp16.onnx'];
  const about = (architecture: string, modelType = 'bert') => ({
    about: { modelType, architectures: [architecture] },
  });
  const among = (paths: readonly string[], known: Known) =>
    usableFrom(
      paths.map((path): SourceFile => ({ path, size: 1 })),
      known,
    );

  it('takes an encoder with a classification head, in every form that runs here', () => {
    const { uses } = among([...cross, 'model.safetensors'], about('BertForSequenceClassification'));
    expect(uses.map(({ kind, dtype, files }) => [kind, dtype, files.length])).toEqual([
      ['text-classification', 'fp32', 4],
      ['text-classification', 'q8', 4],
    ]);
    expect(of(...cross).uses.map(({ kind }) => kind)).toContain('text-classification');
  });

  it.each([
    [cross, about('BertModel'), /no classification head \(config\.json says BertModel\).*makes vectors/],
    [
      cross.filter((path) => path !== 'tokenizer.json'),
      about('BertForSequenceClassification'),
      /no tokenizer\.json/,
    ],
    [[...tokenizer, 'onnx/model_fp16.onnx'], about('BertForSequenceClassification'), /only as “fp16”/],
    [
      [...tokenizer, 'model.safetensors'],
      about('BertForSequenceClassification'),
      /no onnx\/model\.onnx.*ONNX form/,
    ],
    [[...tokenizer, 'model.safetensors'], about('LlamaForCausalLM', 'llama'), /is a llama model/],
  ])('refuses %j, %j in words', (paths, known, why) => {
    const found = among(paths, known);
    expect(found.uses).toEqual([]);
    expect(found.why).toMatch(why);
  });

  it.each([
    [['model.safetensors'], /no config\.json/],
    [['config.json', 'model.safetensors'], /no tokenizer/],
    [['adapter_model.safetensors', 'config.json'], /adapter/],
    [['model-q4.gguf'], /model-q4\.gguf cannot be read/],
    [['ranker.json'], /none of the scorer files/],
    [[...tokenizer, 'onnx/encoder_model_fp16.onnx', 'onnx/decoder_model_merged_fp16.onnx'], /fp16/],
    [['notes.txt'], /nothing to rank with/],
    [[], /nothing to rank with/],
  ])('refuses %j in words', (paths, why) => {
    expect(of(...paths).uses).toEqual([]);
    expect(of(...paths).why).toMatch(why);
  });
});
