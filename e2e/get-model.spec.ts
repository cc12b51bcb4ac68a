/**
 * Models from elsewhere, all the way into the columns: a hub id that is downloaded with interruptions and converted here, a
 * zip, a served folder. The embedded student stands for what people bring: through every path its rankings are the same.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { serveCheckpoints } from '../trainer/serve/server.ts';
import { tinyCrossEncoder } from '../trainer/testing/tiny-cross-encoder.ts';
import { writeZip } from '../trainer/testing/zip-writer.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { dropPath, found, LOADED, lookUp, openModels, STUDENT, test, WEIGHTS } from './get-model.ts';
import { repoOfFiles, repoOfFolder } from './hub-server/repo.ts';
import { expect } from './test.ts';

const PAIR = '../shared/reference/transformers-js-t5/flan-tiny-onnx';

function zipOf(folder: string): Buffer {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Buffer.from(
    writeZip(
      paths.map((path) => ({ name: `my-student/${path}`, data: readFileSync(join(folder, path)) })),
      { deflate: true },
    ),
  );
}

/** Passages and scores of the Student column after a run over short texts, each asked of the model that the column has. */
async function studentRanks(app: App, query: string): Promise<string> {
  await app.give(teaCorpus(4), query, 2);
  await app.rank();
  // Answers are kept by a model's digest: a known query would be answered by whatever had the same weights before.
  expect((await app.calls('Student')).asked).toBe(2);
  return app.items('Student').allInnerTexts().then(String);
}

async function drop(page: Page, name: string, content: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, text]) => {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], file));
      return transfer;
    },
    [name, content.toString('base64')] as const,
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

test('hub id → look up → download, cut, paused, reloaded, resumed → converted → ranks, offline too → deleted', async ({
  app,
  page,
  hub,
}) => {
  test.setTimeout(180_000);
  await openModels(app, page, hub);
  await expect(page.getByText('Its 2.85 billion parameters')).toBeVisible();
  expect(hub.asked, 'nothing before somebody asks').toEqual([]);

  await lookUp(app, 'me/own-flan-t5');
  const listed = found(page, 'me/own-flan-t5');
  await expect(listed.getByRole('list', { name: 'Files' })).toContainText('model.safetensors3.8 MB');
  await expect(listed).toContainText('Original T5, to be converted here · licence apache-2.0');
  await expect(app.button('Download')).toHaveAccessibleDescription(
    /Fetches 4\.0 MB from 127\.0\.0\.1:\d+ \(licence apache-2\.0\)\. Converting it takes about \d+ MB of memory\./,
  );
  expect(
    hub.asked.filter(({ url }) => url.includes('/resolve/')),
    'only lists are read',
  ).toEqual([]);

  hub.faults.add(
    { on: 'cdn', path: WEIGHTS, harm: { cutAfter: 700_000 } },
    { on: 'cdn', path: WEIGHTS, harm: { bytesPerSecond: 400_000 } },
  );
  await app.button('Download').click();
  const bar = page.getByRole('progressbar', { name: 'me/own-flan-t5' });
  await expect(bar).toBeVisible();
  await expect(page.getByText(/MB of 4\.0 MB · .*B\/s · about .* left/)).toBeVisible();
  await app.button('Pause').click();
  await expect(app.button('Resume')).toBeVisible();
  await page.reload();
  await expect(page.getByText(/^Paused · /)).toBeVisible();
  const before = hub.asked.length;
  await app.button('Resume').click();
  await expect(app.button('Use as Teacher')).toBeVisible(LOADED);
  const ranges = hub.asked.slice(before).flatMap(({ headers }) => headers.range ?? []);
  expect(ranges[0], 'goes on where it was').toMatch(/^bytes=[1-9]\d+-$/);
  // The checkpoint has taken the original’s place.
  await expect(page.getByText('converted here · int8 · 2.2 MB')).toBeVisible();
  await expect(app.button('Delete')).toHaveCount(1);

  await app.button('Use as Teacher').click();
  await expect(page.getByText('Teacher: loaded, ready to rank')).toBeVisible(LOADED);
  await hub.close();
  await page.reload();
  await page.goto('./#/');
  const menu = app.combo('Teacher model');
  await expect(menu.locator('option:checked')).toHaveText('me/own-flan-t5');
  await app.give(teaCorpus(4), QUERY, 3);
  await app.rank();
  await expect(app.region('Teacher')).toHaveAttribute('data-device', 'wasm');
  await expect(app.region('Teacher')).toHaveAttribute('data-dtype', 'int8');

  await page.goto('./#/models');
  await app.button('Delete').click();
  await expect(page.getByText(/me\/own-flan-t5 is no longer stored here/)).toBeVisible();
  await page.goto('./#/');
  await expect(menu.locator('option:checked')).toHaveText('Rankscope demo teacher');
});

/** Picks a folder where the browser has no picker of its own for folders (Firefox, Safari). */
async function pickFolder(app: App, page: Page, path: string): Promise<void> {
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
  const choosing = page.waitForEvent('filechooser');
  await app.button('choose a whole folder').click();
  await (await choosing).setFiles(path);
}

test('the embedded student zipped, dropped, picked, served by the trainer and from the hub ranks as the embedded one', async ({
  app,
  page,
  browser,
  baseURL,
  hub,
}) => {
  test.setTimeout(240_000);
  await app.preset({ k: 3 });
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-get-'));
  cpSync(STUDENT, join(folder, 'picked'), { recursive: true });
  const serving = await serveCheckpoints({
    folder: 'public/models',
    port: 0,
    host: 'localhost',
    origins: [new URL(baseURL!).origin],
  });
  const download = async (text: string): Promise<void> => {
    await lookUp(app, text);
    await app.button('Download').click();
  };
  const ways = {
    zip: () => drop(page, 'my-student.zip', zipOf(STUDENT)),
    'dropped folder': () => dropPath(page, STUDENT),
    'picked folder': () => pickFolder(app, page, join(folder, 'picked')),
    address: () => download(`${serving.url}demo-student/`),
    hub: () => download('me/ready'),
  };
  try {
    await page.goto('./#/models');
    await app.box('Hub address').fill(hub.url);
    for (const [at, get] of Object.values(ways).entries()) {
      await get();
      await expect(app.button('Use as Student')).toHaveCount(at + 1, LOADED);
    }
    await page.goto('./#/');
    const menu = app.combo('Student model');
    const stored = await menu
      .locator('option')
      .evaluateAll((options) =>
        options
          .map((option) => (option as HTMLOptionElement).value)
          .filter((id) => /^(local|url|hub):/.test(id)),
      );
    expect(stored.map((id) => id.replace(/^(\w+:[^:]*).*/, '$1')).sort()).toEqual([
      'hub:http',
      'local:demo-student',
      'local:my-student.zip',
      'local:picked',
      'url:http',
    ]);
    const ranked: string[] = [];
    for (const [at, id] of stored.entries()) {
      await test.step(id, async () => {
        await menu.selectOption(id);
        ranked.push(await studentRanks(app, `${QUERY} ${at}`));
      });
    }
    await test.step('the embedded student, in a browser that knows none of the answers', async () => {
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const other = new App(await context.newPage());
      await other.page.goto(page.url());
      const embedded: string[] = [];
      for (const at of stored.keys()) embedded.push(await studentRanks(other, `${QUERY} ${at}`));
      expect(ranked).toEqual(embedded);
      await context.close();
    });
    await test.step('transformers.js layout, as it is', async () => {
      if (!existsSync(PAIR)) {
        test.info().annotations.push({ type: 'skipped step', description: `${PAIR} is not there` });
        return;
      }
      hub.host('google/flan-tiny', { repo: repoOfFolder(PAIR), license: 'apache-2.0', modelType: 't5' });
      await page.goto('./#/models');
      await lookUp(app, 'google/flan-tiny');
      const fp32 = await app
        .combo('Form')
        .locator('option', { hasText: 'transformers.js layout, used as it is · fp32' })
        .innerText();
      await app.combo('Form').selectOption({ label: fp32 });
      await app.button('Download').click();
      const item = page.getByRole('listitem', { name: 'google/flan-tiny' });
      await item.getByRole('button', { name: 'Use as Teacher' }).click();
      await expect(page.getByText('Teacher: loaded, ready to rank')).toBeVisible(LOADED);
      await page.goto('./#/');
      await app.rank();
      await expect(app.region('Teacher')).toHaveAttribute('data-dtype', 'fp32');
    });
    await test.step('a cross-encoder scores for the Student column, and for nothing else', async () => {
      hub.host('me/cross', {
        repo: repoOfFiles(Object.fromEntries(tinyCrossEncoder())),
        modelType: 'bert',
        architectures: ['BertForSequenceClassification'],
      });
      await page.goto('./#/models');
      await lookUp(app, 'me/cross');
      await expect(found(page, 'me/cross')).toContainText(
        'Cross-encoder in transformers.js layout, used as it is',
      );
      await app.button('Download').click();
      const item = page.getByRole('listitem', { name: 'me/cross' });
      await item.getByRole('button', { name: 'Use as Student' }).click();
      await expect(item.getByRole('button', { name: 'Use as Teacher' })).toHaveCount(0);
      await expect(page.getByText('Student: loaded, ready to rank')).toBeVisible(LOADED);
      await page.goto('./#/');
      await expect(app.combo('Student method')).toHaveValue('cross-encoder');
      await expect(app.combo('Student method').locator('option:enabled')).toHaveCount(1);
      await expect(app.combo('Teacher model').locator('option', { hasText: 'me/cross' })).toBeDisabled();
      await app.rank();
      await expect(app.region('Student')).toContainText('cross-encoder');
      const { student } = (await app.decisions()).methods;
      expect(student).toMatchObject({
        method: 'cross-encoder',
        template: { kind: 'relevance', labels: ['relevance'] },
      });
      for (const { score, logits } of student.scored) expect(logits).toEqual([score]);
      expect(new Set(student.scores).size).toBe(student.scores.length);
      // Evaluate offers it for its own method, and for no other.
      await page.goto('./#/evaluate');
      const offered = app.combo('Checkpoint').locator('option', { hasText: 'me/cross' });
      await expect(app.combo('Method')).toBeVisible();
      await expect(offered).toHaveCount(0);
      await app.combo('Method').selectOption('cross-encoder');
      await expect(offered).toHaveCount(1);
      await expect(app.combo('Checkpoint').locator('option')).toHaveCount(1);
    });
    await page.goto('./#/models');
    await app.button('Delete all').click();
    await app.button('Delete them').click();
    await expect(page.getByText('No model is stored yet.')).toBeVisible();
  } finally {
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
