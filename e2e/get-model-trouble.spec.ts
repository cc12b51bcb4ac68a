/**
 * Models from elsewhere that do not come, or not at once: a conversion that is cancelled, a storage that is full, what cannot
 * be had at all; and what the screen is like meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { flanT5Small } from '../bench/shapes.ts';
import { writeHubFolder } from '../bench/write-hub-folder.ts';
import { dropPath, found, LOADED, lookUp, openModels, test, WEIGHTS } from './get-model.ts';
import { rateLimited } from './hub-server/hub-server.ts';
import { expectToFit, violations } from './looks.ts';
import { expect } from './test.ts';

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
  hub,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-convert-'));
  try {
    // Large enough to be caught in the middle.
    const { config } = flanT5Small;
    await writeHubFolder(join(folder, 'original'), { ...config, encoderLayers: 3, decoderLayers: 3 });
    await openModels(app, page, hub);
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
  hub,
}) => {
  await openModels(app, page, hub);
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
  await expect(page.getByText(/^me\/own-flan-t5 is no longer stored here/)).toBeVisible();
});

test('what cannot be had is said in words, with what to do', async ({ app, page, hub }) => {
  app.tolerate(/status of 4(01|04|29)|Failed to load/);
  await openModels(app, page, hub);
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
    hub,
  }) => {
    await openModels(app, page, hub);
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
