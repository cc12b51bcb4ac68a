/** Everything stays on this machine: no request to a host that was not asked for, no breach of the page's policy. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from '@playwright/test';
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

/** What came of asking an address: `asked` (it was sent, whatever came back) or the directive that forbade it. */
const ask = (url: string): Promise<string> =>
  new Promise((resolve) => {
    self.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
      once: true,
    });
    // A refused request fails just before the page is told of the breach.
    const soon = () => setTimeout(() => resolve('asked'), 300);
    fetch(url).then(soon, soon);
  });

test('page and workers can ask model hosts and no others, and have their threads', async ({
  browser,
  baseURL,
}) => {
  const { server, asked } = await recorder();
  const { port } = server.address() as AddressInfo;
  const context = await browser.newContext({
    baseURL,
    proxy: { server: `http://localhost:${port}`, bypass: 'localhost' },
  });
  const page = await context.newPage();
  const app = new App(page);
  await app.open();
  await app.modelsReady();
  expect(asked, 'nothing before somebody asks').toEqual([]);
  const workers = page.workers().filter((worker) => /(scorer|retrieval)\.worker/.test(worker.url()));
  expect(workers).toHaveLength(3);
  const places = [page, ...workers] as readonly Pick<Worker, 'evaluate'>[];
  const tryAll = async (place: Pick<Worker, 'evaluate'>): Promise<void> => {
    for (const url of [
      'https://elsewhere.invalid/',
      'https://huggingface.co.elsewhere.invalid/',
      'http://huggingface.co/',
    ])
      expect(await place.evaluate(ask, url), url).toBe('connect-src');
    for (const url of [
      'https://huggingface.co/api/models',
      'https://us.aws.cdn.hf.co/x',
      'http://localhost:1/',
    ])
      expect(await place.evaluate(ask, url), url).toBe('asked');
  };
  await Promise.all(places.map(tryAll));
  for (const worker of workers) expect(await worker.evaluate(() => self.crossOriginIsolated)).toBe(true);
  expect(new Set(asked)).toEqual(new Set(['huggingface.co:443', 'us.aws.cdn.hf.co:443']));
  const inline = await page.evaluate(async () => {
    const breach = new Promise<string>((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)),
    );
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineRan = true';
    document.head.append(script);
    return [await breach, 'inlineRan' in globalThis];
  });
  expect(inline).toEqual(['script-src-elem', false]);
  await context.close();
  server.close();
});

test('the built page carries the same policy as its headers, and no inline script', async ({ request }) => {
  const response = await request.get('./');
  const html = await response.text();
  const meta = /http-equiv="Content-Security-Policy" content="([^"]*)"/
    .exec(html)?.[1]
    ?.replaceAll('&#39;', "'");
  expect(response.headers()['content-security-policy']).toBe(`${meta}; frame-ancestors 'none'`);
  const hosts = /connect-src ([^;]*)/.exec(meta ?? '')?.[1];
  expect(hosts).toBe(
    "'self' blob: data: https://huggingface.co https://*.huggingface.co https://*.hf.co http://localhost:* http://127.0.0.1:*",
  );
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(' src="./');
  expect(html).not.toMatch(/<style|\bon[a-z]+="|style="/);
});
