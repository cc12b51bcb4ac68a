/** Everything stays on this machine: no request to another host, no breach of the page's policy. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

/** Chromium's own, for any page with fields to fill in; no page can send or stop it. */
const AUTOFILL = 'content-autofill.googleapis.com:443';

/** A proxy that serves nothing and remembers what it was asked for: all but localhost goes through it. */
async function recorder(): Promise<{ readonly server: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    if (request.url !== AUTOFILL) asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return { server, asked };
}

test('a whole job asks no other host, workers and their threads included', async ({ browser, baseURL }) => {
  const { server, asked } = await recorder();
  const { port } = server.address() as AddressInfo;
  const context = await browser.newContext({
    baseURL,
    proxy: { server: `http://localhost:${port}`, bypass: 'localhost' },
  });
  const urls: string[] = [];
  context.on('request', (request) => urls.push(request.url()));
  const page = await context.newPage();
  // The policy is the page's own; workers have theirs from here too.
  await page.addInitScript(() => {
    const breaches: string[] = [];
    Object.assign(window, { breaches });
    document.addEventListener('securitypolicyviolation', (e) =>
      breaches.push(`${e.violatedDirective} ${e.blockedURI}`),
    );
  });
  const app = new App(page);
  await app.preset({ k: 4 });
  await app.open();
  await app.give(teaCorpus(5), QUERY);
  await app.rank();
  await app.decisions();
  await page.goto('./#/models');
  await page.goto('./#/');

  const { origin } = new URL(page.url());
  const foreign = urls.filter((url) => !url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url));
  expect(foreign).toEqual([]);
  // That requests of workers are seen at all: the checkpoints are read by them.
  expect(urls.filter((url) => url.endsWith('.onnx'))).toHaveLength(2);
  expect(await page.evaluate(() => (window as unknown as { breaches: string[] }).breaches)).toEqual([]);
  expect(app.faults).toEqual([]);
  expect(asked).toEqual([]);

  // That the proxy would have noticed: a visit to another host arrives there.
  await page.goto('http://rankscope.invalid/').catch(() => {});
  expect(asked).toEqual(['http://rankscope.invalid/']);
  await context.close();
  server.close();
});

test('workers are held to the policy too, and have their threads', async ({ app, page }) => {
  app.tolerate(/Content Security Policy|elsewhere\.invalid/);
  await app.open();
  await app.modelsReady();
  const workers = page.workers().filter((worker) => /(scorer|retrieval)\.worker/.test(worker.url()));
  expect(workers).toHaveLength(3);
  for (const worker of workers) {
    const breach = await worker.evaluate(
      () =>
        new Promise<string>((resolve) => {
          self.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
          fetch('https://elsewhere.invalid/').catch(() => setTimeout(() => resolve('none'), 1_000));
        }),
    );
    expect(breach).toBe('connect-src');
    expect(await worker.evaluate(() => self.crossOriginIsolated)).toBe(true);
  }
});
