/**
 * Models from elsewhere, all the way into the columns: a hub id that is downloaded with interruptions and converted here, a
 * zip, a served folder. The embedded student stands for what people bring: through every path its rankings are the same.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { flanT5Small } from '../bench/shapes.ts';
import { writeHubFolder } from '../bench/write-hub-folder.ts';
import { serveCheckpoints } from '../trainer/serve/server.ts';
import { tinyCrossEncoder } from '../trainer/testing/tiny-cross-encoder.ts';
import { writeZip } from '../trainer/testing/zip-writer.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { HubServer, rateLimited } from './hub-server/hub-server.ts';
import { type Repo, repoOfFiles, repoOfFolder } from './hub-server/repo.ts';
import { expectToFit, violations } from './looks.ts';
import { expect, test } from './test.ts';

const STUDENT = 'public/models/demo-student';
const PAIR = '../shared/reference/transformers-js-t5/flan-tiny-onnx';
const WEIGHTS = /model\.safetensors$/;
/** Models load one after the other on busy cores. */
const LOADED = { timeout: 75_000 };

/** The embedded student without its card and scorers: an original, as people find them on the hub. */
function original(): Repo {
  const paths = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
  return repoOfFiles(Object.fromEntries(paths.map((path) => [path, readFileSync(join(STUDENT, path))])));
}

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

let hub: HubServer;
test.beforeEach(async () => {
  hub = await HubServer.start();
  hub.host('me/own-flan-t5', { repo: original(), license: 'apache-2.0', modelType: 't5' });
  hub.host('me/ready', { repo: repoOfFolder(STUDENT), license: 'apache-2.0', modelType: 't5' });
  hub.host('me/gated', { repo: original(), gated: 'manual', modelType: 't5' });
  hub.host('me/bert', { repo: original(), modelType: 'bert' });
});
test.afterEach(() => hub.close());

async function openModels(app: App, page: Page): Promise<void> {
  await app.preset({ k: 3 });
  await page.goto('./#/models');
  await app.box('Hub address').fill(hub.url);
}

async function lookUp(app: App, text: string): Promise<void> {
  await app.box('Model').fill(text);
  await app.button('Look up').click();
}

const found = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });

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
}) => {
  test.setTimeout(180_000);
  await openModels(app, page);
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
  await expect(page.getByText(/me\/own-flan-t5 is not stored here any more/)).toBeVisible();
  await page.goto('./#/');
  await expect(menu.locator('option:checked')).toHaveText('Rankscope demo teacher');
});

/** Drops what lies at a path of this machine, as a file manager does. */
async function dropPath(page: Page, path: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [resolve(path)], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await cdp.detach();
}

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

/** What is left in the browser's storage: files, and the records that make them count. */
const keptIn = (page: Page) =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    let files = 0;
    for await (const _ of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) files++;
    const records = await new Promise<number>((give, fail) => {
      const opening = indexedDB.open('rankscope-models');
      opening.onerror = fail;
      opening.onsuccess = () => {
        const counting = opening.result.transaction('models').objectStore('models').count();
        counting.onerror = fail;
        counting.onsuccess = () => give(counting.result);
      };
    });
    return { files, records };
  });

test('a conversion that is cancelled leaves the original alone, and a second one succeeds', async ({
  app,
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-convert-'));
  try {
    // Large enough to be caught in the middle.
    const { config } = flanT5Small;
    await writeHubFolder(join(folder, 'original'), { ...config, encoderLayers: 3, decoderLayers: 3 });
    await openModels(app, page);
    await dropPath(page, join(folder, 'original'));
    const bar = page.getByRole('progressbar', { name: 'original' });
    await expect(page.getByText(/Quantising into onnx\/scorer_int8\.onnx.* \d+ %/)).toBeVisible(LOADED);
    await expect(bar).toBeVisible();
    await app.button('Cancel').click();
    await expect(page.getByText(/downloaded, not converted yet/)).toBeVisible();
    expect(await keptIn(page)).toEqual({ files: 4, records: 1 });
    await app.button('Convert').click();
    await expect(app.button('Use as Teacher')).toBeVisible(LOADED);
    await expect(page.getByText(/^converted here · int8 · \d+ MB$/)).toBeVisible();
    // Config, two of the tokenizer, scorer and its weights, card, README: and nothing of the original.
    const { files, records } = await keptIn(page);
    expect(records).toBe(1);
    expect(files).toBeLessThanOrEqual(7);
    await app.button('Delete').click();
    await expect(page.getByText('No model is stored yet.')).toBeVisible();
    expect(await keptIn(page)).toEqual({ files: 0, records: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('where storage is full memory is offered, and what was kept there is missed after a reload', async ({
  app,
  page,
  context,
  baseURL,
}) => {
  await openModels(app, page);
  const cdp = await context.newCDPSession(page);
  const { origin } = new URL(baseURL!);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 });
  await lookUp(app, 'me/own-flan-t5');
  await app.button('Download').click();
  await expect(page.getByText(/storage is full: \d MB of me\/own-flan-t5 find no room/)).toBeVisible();
  await app.button('Keep in memory').click();
  await app.button('Use as Student').click();
  await expect(page.getByText('in memory until the page is closed')).toBeVisible();
  await expect(page.getByText('Student: loaded, ready to rank')).toBeVisible(LOADED);
  await page.reload();
  await expect(page.getByText(/^me\/own-flan-t5 is not stored here any more/)).toBeVisible();
});

test('what cannot be had is said in words, with what to do', async ({ app, page }) => {
  app.tolerate(/status of 4(01|04|29)|Failed to load/);
  await openModels(app, page);
  for (const [id, words] of [
    ['me/gated', /sign in and accept terms.*Open folder or zip/],
    ['me/bert', /It is a bert model; Rankscope ranks with T5 models/],
    ['me/nothing', /does not exist, or is not public\. Check the spelling/],
    ['https://models.example.org/flan/', /may not ask https:\/\/models\.example\.org.*--connect-src/],
    ['C:\\models\\flan', /is a path, and a page cannot read paths/],
  ] as const) {
    await lookUp(app, id);
    await expect(page.locator('.get-model').getByText(words), id).toBeVisible();
    await expect(app.button('Download'), id).toHaveCount(0);
  }
  hub.faults.add({ on: 'hub', harm: rateLimited(2) });
  await lookUp(app, 'me/own-flan-t5');
  await expect(
    page.getByText(/^127\.0\.0\.1:\d+ limits how much may be asked for: continuing in \d s\./),
  ).toBeVisible();
  await expect(app.button('Download'), 'and goes on by itself').toBeVisible();
  hub.faults.add({ on: 'hub', harm: rateLimited(4000) });
  await lookUp(app, 'me/ready');
  await expect(
    page.getByText(/too much was asked for in a short time\. Try again in a few minutes/),
  ).toBeVisible();
  await page.context().setOffline(true);
  await lookUp(app, 'me/ready');
  await expect(page.getByText('me/ready cannot be had: this machine is offline.')).toBeVisible();
  await page.context().setOffline(false);
  await app.button('Look up').click();
  await expect(app.button('Download')).toBeVisible();

  const choosing = page.waitForEvent('filechooser');
  await app.button('Open folder or zip').click();
  await (await choosing).setFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('tea') });
  await expect(page.getByText(/It has nothing to rank with: no ranker\.json/)).toBeVisible();

  // The dialog of the browser's own picker cannot be answered from here; a handle as it gives one can be had elsewhere.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('mine', { create: true });
    const inner = await folder.getDirectoryHandle('onnx', { create: true });
    await inner.getFileHandle('notes.txt', { create: true });
    // Beside it: a folder that holds nothing but another stands for that one.
    await folder.getFileHandle('README.md', { create: true });
    Object.assign(globalThis, { showDirectoryPicker: async () => folder });
  });
  await app.button('choose a whole folder').click();
  await expect(found(page, 'mine')).toContainText('onnx/notes.txt');
  await expect(found(page, 'mine')).toContainText('It has nothing to rank with');
});

test.describe('390 px', () => {
  const viewport = { width: 390, height: 844 };
  test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });
  test('axe finds nothing while a model is looked at and another is on its way, light or dark, and it fits', async ({
    app,
    page,
  }) => {
    await openModels(app, page);
    await lookUp(app, 'me/own-flan-t5');
    hub.faults.add({ on: 'cdn', path: WEIGHTS, harm: { bytesPerSecond: 20_000 } });
    await app.button('Download').click();
    await expect(app.button('Pause')).toBeVisible();
    await lookUp(app, 'me/ready');
    await expect(app.button('Download')).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    await expectToFit(page, 'Models');
    await app.button('Cancel').click();
    await expect(page.getByText('No model is stored yet.')).toBeVisible();
  });
});
