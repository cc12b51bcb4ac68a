/**
 * A student of one's own, all the way: a T5 of FLAN-T5-small's vocabulary, heads and feed-forward width, two layers deep and a
 * quarter as wide (all of it took five times as long and told no more), with random weights and FLAN-T5's real tokenizer, as downloaded → convert →
 * labels of the embedded teacher → train → export → the Playground ranks with it. What it ranks means nothing; that every part takes what the one before it made is the point.
 */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { flanT5Small, randomModel } from '../bench/shapes.ts';
import { writeT5Config } from '../src/t5/config.ts';
import { writeSafetensors } from '../src/t5/safetensors.ts';
import { bundleTrainer } from '../trainer/testing/bundle.ts';
import { expect, test } from './test.ts';

const TOKENIZER = resolve(process.env.RANKSCOPE_DATA ?? '../shared/data', 'flan-t5-small-tokenizer');
const SMALLER = { dModel: 128, encoderLayers: 2, decoderLayers: 2 };
const NAME = 'Kitchen student';
const run = promisify(execFile);
/** The trainer in one file, which is there in a quarter of the time. */
const BUNDLE = resolve('node_modules/.cache', `trainer-e2e-${process.pid}`);

async function trainer(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [await bundleTrainer(BUNDLE), ...args, '--json'], {
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

/** The folder as a download of google/flan-t5-small has it. */
function writeDownload(folder: string): void {
  mkdirSync(folder);
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(join(TOKENIZER, file), join(folder, file));
  }
  const { config, weights } = randomModel({ ...flanT5Small.config, ...SMALLER });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(writeT5Config(config)));
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(weights));
}

/** A sample of the page as a corpus and queries. */
function writeCorpus(folder: string): void {
  mkdirSync(folder);
  const sample = JSON.parse(readFileSync('public/samples/kitchen.json', 'utf8')) as {
    passages: { id: string; title?: string; text: string }[];
    queries: { id: string; text: string }[];
  };
  const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  const passages = sample.passages.map(({ id, title, text }) => ({ _id: id, title: title ?? '', text }));
  writeFileSync(join(folder, 'corpus.jsonl'), lines(passages));
  writeFileSync(
    join(folder, 'queries.jsonl'),
    lines(sample.queries.map(({ id, text }) => ({ _id: id, text }))),
  );
}

test('convert, label, train, export, and rank in the Playground', async ({ app, page }, info) => {
  test.skip(info.project.name !== 'wasm', 'the device makes no difference to the trainer');
  test.skip(!existsSync(join(TOKENIZER, 'tokenizer.json')), `${TOKENIZER} is not there`);
  test.setTimeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-own-'));
  const at = (name: string) => join(folder, name);
  try {
    await test.step('from a download to a student', async () => {
      writeDownload(at('download'));
      writeCorpus(at('corpus'));
      await trainer(
        ...['convert', '--input', at('download'), '--output', at('base'), '--dtypes', 'int8'],
        // One wording to compare scores on.
        ...['--template', 'paper-student'],
      );
      await trainer('candidates', '--input', at('corpus'), '--k', '3', '--output', at('candidates.jsonl'));
      const teacher = 'public/models/demo-teacher';
      await trainer(
        ...['label', '--checkpoint', teacher, '--input', at('candidates.jsonl')],
        ...['--output', at('labels.jsonl')],
      );
      const settings = [
        ...['--steps', '2', '--batch', '1', '--hold-out', '1', '--select', 'last', '--threads', '2'],
        ...['--name', NAME],
      ];
      const trained = await trainer(
        ...['train', '--checkpoint', at('base'), '--input', at('labels.jsonl'), '--output', at('trained')],
        ...settings,
      );
      expect(trained).toMatchObject({ state: 'done', steps: { done: 2 } });
      await trainer(
        ...['export', '--checkpoint', at('trained'), '--output', at('models/own'), '--dtypes', 'int8'],
        ...['--index', at('models/index.json')],
      );
    });

    await test.step('the page lists it, and shows its card', async () => {
      // What `export --index public/models/index.json` would have put beside the shipped models.
      const { models: own } = JSON.parse(readFileSync(at('models/index.json'), 'utf8')) as {
        models: object[];
      };
      expect(own).toMatchObject([{ id: 'own', role: 'student', name: NAME, path: 'own/' }]);
      await page.route('**/models/index.json', async (route) => {
        const response = await route.fetch();
        const index = (await response.json()) as { models: object[] };
        await route.fulfill({ json: { ...index, models: [...index.models, ...own] } });
      });
      await page.route('**/models/own/**', async (route) => {
        const file = new URL(route.request().url()).pathname.split('/own/')[1];
        await route.fulfill({ path: at(`models/own/${file}`) });
      });
      await page.goto('./#/models');
      await page.getByRole('button', { name: `Use ${NAME} as Student` }).click();
      const card = page.getByRole('region', { name: 'Student', exact: true });
      await expect(card.getByRole('heading', { name: 'Scorer files' })).toBeVisible({ timeout: 150_000 });
      await expect(card.getByRole('heading', { name: NAME })).toBeVisible();
      const { provenance, dtypeMeasures } = JSON.parse(
        readFileSync(at('models/own/ranker.json'), 'utf8'),
      ) as {
        provenance: { steps: number; labels: { sha256: string }; lossCurve: unknown[] };
        dtypeMeasures: { int8: { bytes: number } };
      };
      expect([provenance.steps, provenance.lossCurve.length]).toEqual([2, 2]);
      await expect(card).toContainText('Rankscope demo teacher');
      await expect(card).toContainText(provenance.labels.sha256);
      await expect(card).toContainText('trainer -- train --checkpoint');
      await expect(card.getByRole('figure', { name: 'Training loss' })).toBeVisible();
      // The loss, and at least one curve of validation.
      expect(await card.getByRole('figure').count()).toBeGreaterThan(1);
      expect(dtypeMeasures.int8.bytes).toBeGreaterThan(8e6);
    });

    await test.step('and ranks with it, under its name', async () => {
      await app.open();
      await app.start();
      await app.expectState('Student', 'done');
      await expect(app.region('Student')).toContainText(NAME);
      expect((await app.ids('Student')).length).toBeGreaterThan(1);
    });
  } finally {
    for (const made of [folder, BUNDLE]) rmSync(made, { recursive: true, force: true });
  }
});
