/** `export`: from weights to a folder that opens, with figures, digests, a card and a place in the list. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareScores, probedTemplates, probeScores } from '../../src/checkpoint/build/probe-scores.ts';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import { probeLogits } from '../../src/inference/parity.ts';
import { embeddedPairwise, embeddedStudent } from '../../src/ranking/embedded-templates.ts';
import { readModels } from '../../src/state/models/catalog.ts';
import { writeT5Config } from '../../src/t5/config.ts';
import { writeSafetensors } from '../../src/t5/safetensors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import { draftCard } from '../checkpoint/card-draft.ts';
import { readSamples } from '../checkpoint/compare-here.ts';
import { markUnfinished } from '../checkpoint/own-folder.ts';
import { readSource } from '../checkpoint/read-source.ts';
import { nodeFolder } from '../node/folder.ts';
import { nodeRuntime } from '../node/runtime.ts';
import { tinyModel, tinyTokenizer } from '../testing/tiny-checkpoint.ts';
import { type ExportRequest, planExport, runExport } from './run-export.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-export-'));
const path = (...names: string[]) => join(root, ...names);
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

/** A folder as training leaves it: Hugging Face's files and nothing else. */
function writeSource(folder: string, card?: object): void {
  const model = tinyModel();
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(writeT5Config(model.config)));
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(model.weights));
  writeFileSync(join(folder, 'tokenizer.json'), tokenizerJson);
  writeFileSync(join(folder, 'tokenizer_config.json'), tokenizerConfigJson);
  if (card) writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
}

const card = {
  name: 'A demo',
  role: 'student',
  license: 'CC0-1.0',
  templates: [embeddedStudent.id, embeddedPairwise.id],
  limits: { maxTokens: 200, maxPassageTokens: 40 },
  provenance: { data: [{ name: 'd', license: 'CC0-1.0', use: 'all' }], steps: 7, seed: 3 },
};

const request = (over: Partial<ExportRequest> = {}): ExportRequest => ({
  checkpoint: path('source'),
  output: path('models', 'demo'),
  dtypes: ['fp32', 'int8', 'q8', 'q4'],
  weights: 'F32',
  threads: 1,
  ...over,
});

beforeAll(() => writeSource(path('source'), card));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('export', () => {
  it('writes a folder that opens in every dtype, with measured figures in the card', async () => {
    const said: string[] = [];
    const written = await runExport(request({ index: path('models', 'index.json') }), {
      say: (line) => said.push(line),
    });
    for (const dtype of ['fp32', 'int8', 'q8', 'q4'] as const) {
      const opened = await openCheckpoint(nodeFolder(path('models', 'demo')), nodeRuntime(1), { dtype });
      expect(opened.card).toEqual(written);
      expect(written.dtypeMeasures![dtype]!.bytes).toBe(opened.bytes);
      // What a device is held to that cannot hold the model twice: not for int8, which is for processors.
      const { labels, prompts, logits } = written.probe!;
      expect([dtype, logits[dtype]?.length]).toEqual([
        dtype,
        dtype === 'int8' ? undefined : 3 * labels.length,
      ]);
      const now = await probeLogits(opened.scorer, labels, prompts);
      for (const [i, kept] of (logits[dtype] ?? []).entries()) expect(now[i]).toBeCloseTo(kept, 5);
      await opened.scorer.dispose();
    }
    const { fp32, int8, q8, q4 } = written.dtypeMeasures!;
    expect(fp32).toMatchObject({ scoreError: 0, agreement: 1 });
    // Coarser is worse, and none is free or useless.
    expect(q8!.scoreError).toBeGreaterThan(1e-4);
    expect(q8!.scoreError).toBeLessThan(0.1);
    expect(int8!.scoreError).toBeLessThan(0.3);
    expect(q4!.scoreError).toBeGreaterThan(2 * q8!.scoreError);
    expect(q4!.bytes).toBeLessThan(q8!.bytes);
    expect(said.filter((line) => /^(fp32|int8|q8|q4) .*bytes .*error [\d.]+ %/.test(line))).toHaveLength(4);
    // What the draft said is kept; ids became whole templates.
    expect(written).toMatchObject({ name: 'A demo', role: 'student', limits: card.limits });
    expect(written.templates.map(({ kind }) => kind)).toEqual(['pointwise', 'pairwise']);
    expect(written.provenance).toMatchObject({ steps: 7, seed: 3, data: card.provenance.data });
    expect(written.provenance.command).toContain('trainer -- export');
    const readme = readFileSync(path('models', 'demo', 'README.md'), 'utf8');
    expect(readme).toContain('pipeline_tag: text-ranking');
    expect(readme).toMatch(/\| int8 +\| +\d+ \| +[\d.]+ % \| +[\d.]+ % \|/);
  });

  it('replaces nothing in a folder that is not its own', async () => {
    const foreign = path('repository');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'README.md'), 'mine');
    await expect(runExport(request({ output: foreign }))).rejects.toThrow(
      /holds README\.md and no ranker\.json/,
    );
    await expect(planExport(request({ output: foreign }))).rejects.toThrow(/nothing in it is replaced/);
    expect(readFileSync(join(foreign, 'README.md'), 'utf8')).toBe('mine');
    // One of ours is: also where it was stopped before its card was written.
    rmSync(path('models', 'demo', 'ranker.json'));
    await expect(runExport(request())).rejects.toThrow(/no ranker\.json/);
    await markUnfinished(path('models', 'demo'));
    await runExport(request());
    expect(readdirSync(path('models', 'demo'))).not.toContain('.rankscope-unfinished');
  });

  it('lists the folder as the page reads it, once, beside others', async () => {
    const index = path('models', 'index.json');
    const other = { id: 'other', role: 'teacher', name: 'Other', path: 'other/', bytes: 5 };
    writeFileSync(index, JSON.stringify({ version: 1, models: [other, { ...other, id: 'demo' }] }));
    const written = await runExport(request({ dtypes: ['int8'], index }));
    const models = await readModels(async () => json(index));
    expect(models[0]).toEqual(other);
    expect(models).toHaveLength(2);
    expect(models[1]).toMatchObject({ id: 'demo', role: 'student', name: 'A demo', path: 'demo/' });
    const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/scorer_int8.onnx'];
    expect(models[1]!.bytes).toBe(files.reduce((sum, file) => sum + written.files[file]!.bytes, 0));
    // Scorers of the export before are gone: nothing names them.
    expect(readdirSync(path('models', 'demo', 'onnx'))).toEqual(['scorer_int8.onnx']);
  });

  it('exports a checkpoint folder again, with other dtypes and half the weights', async () => {
    await runExport(request({ dtypes: ['int8'] }));
    const again = await runExport(
      request({ checkpoint: path('models', 'demo'), output: path('again'), dtypes: ['q8'], weights: 'BF16' }),
    );
    expect(again).toMatchObject({ name: 'A demo', scorers: { q8: 'onnx/scorer_q8.onnx' } });
    expect(Object.keys(again.dtypeMeasures!)).toEqual(['q8']);
    const bytes = (folder: string) => readFileSync(join(folder, 'model.safetensors')).length;
    expect(bytes(path('again')) / bytes(path('models', 'demo'))).toBeCloseTo(0.5, 1);
  });

  it('takes role and name from options, and the paper’s templates where none are known', async () => {
    writeSource(path('bare'));
    // The tiny vocabulary has the paper's labels; its instruction is longer.
    const written = await runExport(
      request({
        checkpoint: path('bare'),
        output: path('named'),
        role: 'teacher',
        name: 'N',
        dtypes: ['int8'],
      }),
    );
    expect(written).toMatchObject({ name: 'N', role: 'teacher', limits: { maxTokens: 512 } });
    expect(written.templates.map(({ id }) => id)).toEqual(['paper-prp', 'paper-relevance']);
  });
});

it('leaves no card when it ends before all is measured, also over an earlier export', async () => {
  await runExport(request({ output: path('models', 'stopped') }));
  expect(existsSync(path('models', 'stopped', 'ranker.json'))).toBe(true);
  const say = () => {
    throw new Error('stopped while measuring');
  };
  await expect(runExport(request({ output: path('models', 'stopped') }), { say })).rejects.toThrow('stopped');
  expect(existsSync(path('models', 'stopped', 'onnx', 'scorer_q4.onnx'))).toBe(true);
  expect(existsSync(path('models', 'stopped', 'ranker.json'))).toBe(false);
  await runExport(request({ output: path('models', 'stopped') }));
  expect(json(path('models', 'stopped', 'ranker.json')).dtypeMeasures).toBeDefined();
});

describe('an export that cannot be right stops before it writes', () => {
  const output = path('never');
  const refuse = async (over: Partial<ExportRequest>, code: string, message: RegExp) => {
    await expect(runExport(request({ output, ...over }))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(existsSync(output)).toBe(false);
  };

  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']) {
    it(`without ${file}`, async () => {
      writeSource(path('lacks'), card);
      rmSync(path('lacks', file));
      const message =
        file === 'model.safetensors' ? /has no weights: model/ : new RegExp(`${file} cannot be`);
      await refuse({ checkpoint: path('lacks') }, 'missing', message);
    });
  }

  it('with weights that are cut off', async () => {
    writeSource(path('cut'), card);
    const weights = readFileSync(path('cut', 'model.safetensors'));
    writeFileSync(path('cut', 'model.safetensors'), weights.subarray(0, weights.length - 4));
    await refuse({ checkpoint: path('cut') }, 'bad-checkpoint', /model\.safetensors/);
  });

  it('with a card that names no known template, or a wrong role', async () => {
    for (const [over, message] of [
      [{ templates: ['nope'] }, /no template “nope”; there are /],
      [{ role: 'pupil' }, /"role" must be teacher, student or base/],
      [{ limits: { maxTokens: 'many' } }, /"limits\.maxTokens"/],
    ] as const) {
      writeSource(path('odd'), { ...card, ...over });
      await expect(runExport(request({ output, checkpoint: path('odd') }))).rejects.toThrow(message);
    }
    expect(existsSync(output)).toBe(false);
  });

  it('with a label word that the tokenizer splits', async () => {
    const template = { id: 't', version: 1, name: 'T', kind: 'pointwise', text: '{query} {passage}' };
    const own = { ...template, decoderPrefix: '', labels: ['quux'], source: 'test' };
    writeSource(path('label'), { ...card, templates: [own] });
    await refuse({ checkpoint: path('label') }, 'bad-input', /label “quux” is not one token/);
  });

  it('into itself, or outside the list’s folder', async () => {
    await expect(runExport(request({ output: path('source') }))).rejects.toThrow(/is the checkpoint itself/);
    await refuse({ index: path('models', 'index.json') }, 'bad-input', /is not inside the folder of/);
  });

  it('beside a list that is damaged', async () => {
    writeFileSync(path('index.json'), '{"version": 2}');
    await refuse({ index: path('index.json') }, 'bad-input', /is not a list of models/);
    writeFileSync(path('index.json'), '{');
    await refuse({ index: path('index.json') }, 'bad-input', /is not JSON/);
  });
});

describe('int8', () => {
  it('has 7 bits on the side where this model loses less', async () => {
    // Weights with outliers need 8 bits: one column of every product is far larger than the rest.
    const model = tinyModel();
    for (const [name, { data, dims }] of model.weights) {
      if (dims.length < 2 || name === 'shared.weight' || name.includes('bias')) continue;
      for (let row = 0; row < dims[0]!; row++) data[row * dims[1]! + (row % dims[1]!)]! *= 12;
    }
    writeSource(path('outliers'), card);
    writeFileSync(path('outliers', 'model.safetensors'), writeSafetensors(model.weights));
    const { dtypeMeasures } = await runExport(
      request({ checkpoint: path('outliers'), output: path('chosen'), dtypes: ['int8'] }),
    );
    const file = readFileSync(path('chosen', 'onnx', 'scorer_int8.onnx'));
    expect(file.includes('rankscope.narrow')).toBe(true);
    const other = buildScorer(model, 'int8', {
      narrow: file.includes('activations') ? 'weights' : 'activations',
    });
    const { tokenizer } = await readSource(path('outliers'));
    const probe = {
      config: model.config,
      tokenizer,
      card: await draftCard(path('outliers'), { output: 'x' }),
      samples: readSamples(),
    };
    const scores = async (bytes: Uint8Array) =>
      (await probeScores({ model: bytes }, probe, nodeRuntime(1))).scores;
    const reference = await scores(buildScorer(model, 'fp32'));
    const lost = compareScores(0, await scores(other), reference, probedTemplates(probe.card));
    expect(dtypeMeasures!.int8!.scoreError).toBeLessThanOrEqual(lost.scoreError);
    expect(file.includes('activations')).toBe(true);
  });
});

describe('compareScores', () => {
  const templates = [{ kind: 'pointwise' }] as const;
  it('gives the error as a share of the spread, and the share of pairs in the same order', () => {
    const reference = [[[0, 2, 4, 6]]];
    const measure = compareScores(9, [[[1, 3, 3, 7]]], reference, templates);
    // Differences 1, 1, −1, 1; standard deviation √5.
    expect(measure.scoreError).toBeCloseTo(1 / Math.sqrt(5), 12);
    // Of six pairs one (3, 3) lost its order.
    expect(measure.agreement).toBeCloseTo(5 / 6, 12);
    expect(measure).toMatchObject({ bytes: 9, prompts: 4 });
  });

  it('counts winners for pairs, and gives the worst template', () => {
    const kinds = [{ kind: 'pairwise' }, { kind: 'pointwise' }] as const;
    const reference = [[[1, -1]], [[0, 1]]];
    const measure = compareScores(1, [[[2, 1]], [[0, 1]]], reference, kinds);
    expect(measure.agreement).toBe(0.5);
    expect(measure.scoreError).toBeCloseTo(Math.sqrt(2.5), 12);
  });
});
