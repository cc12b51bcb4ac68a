/** Raw sockets against the page's server: what a browser would never send must not end it or get a file out of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isOwnHost } from '../trainer/node/hosts.ts';
import { policy } from './headers.ts';
import { type Served, serve } from './server.ts';

const MEGABYTE = 1 << 20;
const SECRET = 'not for anybody';
const PAGE = '<!doctype html><title>Page</title>';

let top: string;
let folder: string;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'rankscope-server-'));
  folder = join(top, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets/worker-1.js'), 'postMessage(1);');
  writeFileSync(join(folder, 'assets/worker-1.js.br'), brotliCompressSync('postMessage(1);'));
  writeFileSync(join(folder, 'letters.txt'), 'abcdefghij');
  writeFileSync(join(folder, 'with space é.txt'), 'spaced');
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(4 * MEGABYTE, 7));
  writeFileSync(join(folder, '.env'), SECRET);
  writeFileSync(join(folder, '.git/config'), SECRET);
  writeFileSync(join(top, 'secret.txt'), SECRET);
  mkdirSync(join(top, 'outside'));
  writeFileSync(join(top, 'outside/secret.txt'), SECRET);
  symlinkSync('../secret.txt', join(folder, 'link.txt'));
  symlinkSync(join(top, 'outside'), join(folder, 'linked'));
  symlinkSync('letters.txt', join(folder, 'inner.txt'));
  symlinkSync('.env', join(folder, 'dots.txt'));
  symlinkSync('loop', join(folder, 'loop'));
  symlinkSync('../secret.txt', join(folder, 'letters.txt.br'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

function parse(text: string): Answer {
  const cut = text.indexOf('\r\n\r\n');
  const head = cut < 0 ? text : text.slice(0, cut);
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    head,
    body: cut < 0 ? '' : text.slice(cut + 4),
  };
}

/** Sends bytes and reads until the server closes. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(bytes, 'latin1');
  });
}

async function get(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  const all = { Host: `localhost:${port}`, ...headers, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return parse(await raw(port, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`));
}

describe('the server of the page', () => {
  let served: Served;
  let port: number;
  beforeAll(async () => {
    served = await serve(folder, 0, '127.0.0.1');
    port = Number(new URL(served.url).port);
  });
  afterAll(() => served.server.close());
  const alive = async (): Promise<void> => expect((await get(port, '/')).body).toBe(PAGE);

  it('sends files with their type, and compressed ones to those who take them', async () => {
    expect(await get(port, '/')).toMatchObject({ status: 200, body: PAGE });
    expect((await get(port, '/')).head).toMatch(/Content-Type: text\/html; charset=utf-8/i);
    expect((await get(port, '/index.html?x=1')).body).toBe(PAGE);
    expect((await get(port, '/with%20space%20%C3%A9.txt')).body).toBe('spaced');
    const script = await get(port, '/assets/worker-1.js');
    expect(script.body).toBe('postMessage(1);');
    expect(script.head).toMatch(/Content-Type: text\/javascript/i);
    expect(script.head).toMatch(/Cache-Control: public, max-age=31536000, immutable/i);
    for (const takes of ['br', 'gzip, br', 'gzip, br;q=0.5', 'BR']) {
      const packed = await get(port, '/assets/worker-1.js', { 'Accept-Encoding': takes });
      expect(packed.head).toMatch(/Content-Encoding: br/i);
      expect(packed.head).toMatch(/Content-Type: text\/javascript/i);
    }
    for (const takes of ['gzip', 'br;q=0', 'br;q=0.0, gzip', 'brotli']) {
      const plain = await get(port, '/assets/worker-1.js', { 'Accept-Encoding': takes });
      expect(plain.head).not.toMatch(/Content-Encoding/i);
    }
    expect(await get(port, '/large.bin', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('sends the policy with every answer, scripts of workers and refusals too', async () => {
    for (const path of ['/', '/assets/worker-1.js', '/large.bin', '/nothing']) {
      const { head } = await get(port, path, {}, 'HEAD');
      expect(head).toContain(`Content-Security-Policy: ${policy()}; frame-ancestors 'none'`);
      expect(head).toMatch(/X-Content-Type-Options: nosniff/i);
      expect(head).toMatch(/Referrer-Policy: no-referrer/i);
      expect(head).toMatch(/Cross-Origin-Opener-Policy: same-origin/i);
      expect(head).toMatch(/Cross-Origin-Embedder-Policy: require-corp/i);
    }
  });

  it('answers a file that has not changed without its content', async () => {
    const { head } = await get(port, '/letters.txt');
    const etag = /ETag: (.*)/i.exec(head)?.[1] as string;
    expect(await get(port, '/letters.txt', { 'If-None-Match': etag })).toMatchObject({
      status: 304,
      body: '',
    });
    expect((await get(port, '/letters.txt', { 'If-Match': '"other"' })).status).toBe(412);
  });

  it('answers ranges, reversed and absurd ones too, and goes on', async () => {
    const ranged = (range: string) => get(port, '/letters.txt', { Range: range });
    expect(await ranged('bytes=2-4')).toMatchObject({ status: 206, body: 'cde' });
    expect(await ranged('bytes=-3')).toMatchObject({ status: 206, body: 'hij' });
    expect(await ranged('bytes=8-99')).toMatchObject({ status: 206, body: 'ij' });
    const wrong = [
      'bytes=5-2',
      'bytes=9-0',
      'bytes=100-50',
      'bytes=99-',
      'bytes=-0',
      'bytes=--5',
      'bytes=a-b',
      'bytes=',
      'bytes',
      '=',
      'lines=1-2',
      'bytes=1e3-2e3',
      'bytes=9007199254740993-1',
      `bytes=${'9'.repeat(400)}-`,
      `bytes=${'9'.repeat(400)}-${'8'.repeat(400)}`,
      `bytes=${Array.from({ length: 500 }, (_, i) => `${i}-${i}`).join(',')}`,
      'bytes=5-2,4-1,3-0',
      'bytes=0-0,-1',
      'bytes=Infinity-NaN',
    ];
    for (const range of wrong) {
      const { status, body } = await ranged(range);
      const ok = [200, 206, 416].includes(status) && !body.includes(SECRET);
      expect({ range: range.slice(0, 60), status, ok }).toMatchObject({ ok: true });
    }
    await alive();
  });

  it('survives absurd requests', async () => {
    const host = `Host: localhost:${port}\r\n`;
    const end = 'Connection: close\r\n\r\n';
    const absurd = [
      'garbage\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
      `GET / HTTP/9.9\r\n${host}${end}`,
      `GET / HTTP/1.1\r\n${end}`,
      `GET / HTTP/1.0\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(100_000)}\r\n${end}`,
      `GET /${'a'.repeat(10_000)} HTTP/1.1\r\n${host}${end}`,
      `GET /${'a/'.repeat(5_000)} HTTP/1.1\r\n${host}${end}`,
      `GET * HTTP/1.1\r\n${host}${end}`,
      `GET http://localhost/ HTTP/1.1\r\n${host}${end}`,
      `OPTIONS * HTTP/1.1\r\n${host}${end}`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\n${end}abc`,
      `PUT /x HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n${end}zz\r\n`,
      `GET / HTTP/1.1\r\n${host}Expect: the impossible\r\n${end}`,
      `GET / HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}If-Modified-Since: never\r\nIf-None-Match: ${','.repeat(5000)}\r\n${end}`,
      `GET / HTTP/1.1\r\n${host}If-Range: x\r\nRange: bytes=3-1\r\n${end}`,
      `GET / HTTP/1.1\r\n${host}Accept-Encoding: ${'br;q='.repeat(2000)}\r\n${end}`,
      `GET /%ff%fe HTTP/1.1\r\n${host}${end}`,
      `GET /% HTTP/1.1\r\n${host}${end}`,
      `GET /%00 HTTP/1.1\r\n${host}${end}`,
      `GET /index.html%00.js HTTP/1.1\r\n${host}${end}`,
      `GET /loop HTTP/1.1\r\n${host}${end}`,
      `GET /assets HTTP/1.1\r\n${host}${end}`,
      `GET /letters.txt/x HTTP/1.1\r\n${host}${end}`,
    ];
    for (const bytes of absurd) {
      const text = await raw(port, bytes).catch(() => '');
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('    at ');
      if (text !== '') expect([200, 400, 404, 405, 417, 421, 431, 505]).toContain(parse(text).status);
    }
    await alive();
  });

  it('gives nothing out from outside the folder, and no hidden file', async () => {
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/assets/../../secret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/..%5csecret.txt',
      '/..\\secret.txt',
      '/%252e%252e/secret.txt',
      '//secret.txt',
      '/./../secret.txt',
      `/${top}/secret.txt`,
      `/${encodeURIComponent(join(top, 'secret.txt'))}`,
      '/link.txt',
      '/linked/secret.txt',
      '/linked',
      '/dots.txt',
      '/.env',
      '/%2eenv',
      '/.git/config',
      '/assets/../.env',
      '/..;/secret.txt',
      '/file:..%2fsecret.txt',
    ];
    for (const path of paths) {
      const { status, body } = await get(port, path);
      expect({ path, status, leaks: body.includes(SECRET) }).toEqual({ path, status: 404, leaks: false });
    }
    expect((await get(port, '/inner.txt')).body).toBe('abcdefghij');
    // Nor through the compressed file beside one.
    expect((await get(port, '/letters.txt', { 'Accept-Encoding': 'br' })).body).toBe('abcdefghij');
  });

  it('answers to its own names only', async () => {
    const own = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((a) => a.family === 'IPv4');
    for (const name of [
      'localhost',
      `localhost:${port}`,
      'LOCALHOST',
      '127.0.0.1',
      '[::1]:80',
      ...own.map((a) => a.address),
    ]) {
      expect({ name, status: (await get(port, '/', { Host: name })).status }).toEqual({ name, status: 200 });
    }
    const strangers = [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      'evil-localhost',
      'localhost@evil.example',
      'evil.example#localhost',
      '8.8.8.8',
      '[2001:db8::1]',
      '',
      ' ',
      '[',
      'localhost, evil.example',
    ];
    for (const name of strangers) {
      const { status, body } = await get(port, '/', { Host: name });
      expect({ name, refused: [400, 421].includes(status), leaks: body.includes(PAGE) }).toEqual({
        name,
        refused: true,
        leaks: false,
      });
    }
    expect((await get(port, '/', { Host: 'evil.example' })).body).toMatch(/answers only to localhost/);
    expect(isOwnHost('demo.example:4173', 'demo.example')).toBe(true);
    expect(isOwnHost('demo.example:4173', '0.0.0.0')).toBe(false);
    expect(isOwnHost(undefined, 'localhost')).toBe(false);
  });

  it('answers pipelined requests in their order', async () => {
    const one = (path: string, last = false) =>
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
    const text = await raw(
      port,
      one('/letters.txt').repeat(300) + one('/nothing') + one('/large.bin') + one('/', true),
    );
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(302);
    expect(text.match(/abcdefghij/g)).toHaveLength(300);
    expect(text.endsWith(PAGE)).toBe(true);
  });
});

describe('with few descriptors', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill());

  /** The server in a process of its own that may open so many files and sockets. */
  function start(descriptors: number): Promise<number> {
    const code = `import { serve } from ${JSON.stringify(new URL('server.ts', import.meta.url).href)};
      console.log((await serve(${JSON.stringify(folder)}, 0, '127.0.0.1')).url);`;
    const node = spawn(
      'bash',
      [
        '-c',
        `ulimit -n ${descriptors} && exec "$0" --import tsx --input-type=module -e "$1"`,
        process.execPath,
        code,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    child = node;
    return new Promise((resolve, reject) => {
      node.once('exit', (status) => reject(new Error(`The server ended with ${status}.`)));
      node.stdout.once('data', (line) => resolve(Number(new URL(String(line).trim()).port)));
    });
  }

  /** Asks for a file and hangs up in the middle of it, or (`hold`) only stops reading. */
  const breakOff = (port: number, requests = 1, hold = false): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => resolve(socket));
      socket.on('close', () => resolve(socket));
      socket.once('data', () => {
        socket.pause();
        if (!hold) socket.destroy();
        resolve(socket);
      });
      socket.write('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests));
    });

  it('1,500 downloads that are broken off leave no file open', async () => {
    const port = await start(150);
    for (let wave = 0; wave < 30; wave++) {
      await Promise.all(Array.from({ length: 50 }, () => breakOff(port, wave % 3 === 0 ? 5 : 1)));
    }
    expect((await get(port, '/')).body).toBe(PAGE);
    const whole = await get(port, '/large.bin');
    expect(whole.body.length).toBe(4 * MEGABYTE);
    expect(child?.exitCode).toBeNull();
  });

  it('more open downloads than descriptors do not end it; later requests are answered', async () => {
    const port = await start(100);
    const held = await Promise.race([
      Promise.all(Array.from({ length: 200 }, () => breakOff(port, 1, true))),
      new Promise<Socket[]>((resolve) => setTimeout(() => resolve([]), 3_000)),
    ]);
    expect(child?.exitCode).toBeNull();
    for (const socket of held) socket.destroy();
    await expect
      .poll(async () => (await get(port, '/').catch(() => undefined))?.body, { timeout: 10_000 })
      .toBe(PAGE);
    expect(child?.exitCode).toBeNull();
  });
});
