/** The built page on a plain static host, below a folder: isolated, offline and up to date by its service worker. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { DIST } from '../scripts/build.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { type PlainHost, plainHost } from './plain-server.ts';
import { expect, test } from './test.ts';

test.use({ serviceWorkers: 'allow' });

let host: PlainHost;
test.beforeEach(async () => {
  host = await plainHost(DIST, '/some/base/');
});
test.afterEach(() => host.close());

/** The first visit ends in one reload by which the page is isolated. */
async function visit(page: Page): Promise<App> {
  const app = new App(page);
  await page.goto(host.url);
  await page.waitForFunction(() => crossOriginIsolated).catch(() => {});
  await page.waitForFunction(() => crossOriginIsolated && document.readyState === 'complete');
  return app;
}

test('a host without headers: isolated after one reload, then a whole job with threads, then offline', async ({
  page,
}) => {
  let loads = 0;
  page.on('load', () => loads++);
  const app = await visit(page);
  await app.modelsReady();
  await app.give(teaCorpus(5), QUERY, 4);
  await app.rank();
  expect(loads, 'one reload, and none later').toBe(2);
  const workers = page.workers().filter((worker) => /(scorer|retrieval)\.worker/.test(worker.url()));
  expect(workers).toHaveLength(3);
  for (const worker of workers) expect(await worker.evaluate(() => self.crossOriginIsolated)).toBe(true);
  // The policy too: this host sent none with the workers' scripts.
  app.tolerate(/Content Security Policy|elsewhere\.invalid/);
  const breach = workers[0]?.evaluate(
    () =>
      new Promise<string>((resolve) => {
        self.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        fetch('https://elsewhere.invalid/').catch(() => setTimeout(() => resolve('none'), 1_000));
      }),
  );
  expect(await breach).toBe('connect-src');
  const cdp = await page.context().newCDPSession(page);
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  // Tests run in profiles that keep nothing, where nothing can be installed.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);

  await host.close();
  await page.reload();
  await app.modelsReady();
  await app.rank();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // Samples as well.
  await app.combo('Sample').selectOption({ index: 2 });
  await expect(app.box('Corpus')).not.toHaveValue(teaCorpus(5));
  expect(app.faults).toEqual([]);
});

/** As docs/HOSTING.md has a Space send them. */
const SPACE = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'cross-origin',
};

test("a Space's headers: no reload, and the next visit needs no network", async ({ app, page }) => {
  const space = await plainHost(DIST, '/', SPACE);
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto(space.url);
  await app.modelsReady();
  // The runtime came before the service worker did: it is fetched for the next visit.
  const runtimes = () =>
    page.evaluate(async () => {
      const kept = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return kept.flat().filter(({ url }) => url.endsWith('.wasm')).length;
    });
  await expect.poll(runtimes).toBe(1);
  expect(loads).toBe(1);
  await space.close();
  await page.reload();
  await app.modelsReady();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('what has been typed before the page could be isolated is not lost to a reload', async ({ page }) => {
  let loads = 0;
  page.on('load', () => loads++);
  let typed = (): void => {};
  host.held.set(
    'service-worker.js',
    new Promise((resolve) => {
      typed = resolve;
    }),
  );
  const app = new App(page);
  await page.goto(host.url);
  // The sample of a first visit has arrived.
  await expect(app.box('Query')).not.toHaveValue('');
  await app.write('Query', 'how long does it steep');
  await app.box('Query').press('Home');
  expect(host.asked).toContain('service-worker.js');
  typed();
  const notice = page.getByRole('log', { name: 'Notices' });
  await expect(notice).toContainText('A reload lets the models use all cores');
  expect(loads).toBe(1);
  await notice.getByRole('button', { name: 'Reload' }).click();
  await page.waitForFunction(() => crossOriginIsolated);
  await expect(app.box('Query')).toHaveValue('how long does it steep');
});

test('a newer version is offered, and comes when it is asked for; the old cache goes', async ({ page }) => {
  const app = await visit(page);
  await app.modelsReady();
  const caches = () => page.evaluate(() => window.caches.keys());
  const before = await caches();
  expect(before).toHaveLength(1);
  // The next build: another script, hence another list and another version.
  const [script] = /assets\/index-[\w-]+\.js/.exec(await readFile(join(DIST, 'index.html'), 'utf8')) ?? [''];
  const asNewer = async (path: string) =>
    (await readFile(join(DIST, path), 'utf8'))
      .replaceAll(basename(script), 'index-newer.js')
      .replace(/"version":"\w+"/, '"version":"newer"');
  host.instead.set('assets/index-newer.js', await asNewer(script));
  // Parts that come later import the page's script.
  const parts = (await readdir(join(DIST, 'assets'))).filter((name) =>
    /(?<!\.worker-[\w-]+)\.js$/.test(name),
  );
  for (const path of ['index.html', 'service-worker.js', ...parts.map((name) => `assets/${name}`)]) {
    host.instead.set(path, await asNewer(path));
  }
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const notice = page.getByRole('log', { name: 'Notices' });
  await expect(notice).toContainText('A new version of Rankscope is available.');
  expect(await page.locator('script[type=module]').getAttribute('src')).toContain(script);
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('script[type=module][src$="index-newer.js"]')).toHaveCount(1);
  const after = await caches();
  expect(after).toHaveLength(1);
  expect(after[0]).toMatch(/ newer$/);
  // The runtime was taken over.
  const kept = await page.evaluate(
    async (name) =>
      (await window.caches.open(name as string)).keys().then((all) => all.map(({ url }) => url)),
    after[0],
  );
  expect(kept.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
});
