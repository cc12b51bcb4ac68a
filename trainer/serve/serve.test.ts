/** Checkpoints served to pages: real requests, and everything that must not get out. */
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from '../../src/sources/look-up.ts';
import { UrlFolder } from '../../src/sources/url-folder.ts';
import { runTrainer, startTrainer } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { tinyCrossEncoder } from '../testing/tiny-cross-encoder.ts';
import { findCheckpoints } from './checkpoints.ts';
import type { Serving } from './listen.ts';
import { serveCheckpoints } from './server.ts';

const folder = testFolder('serve');
const models = join(folder, 'models');
const PAGE = 'http://localhost:4173';
const refused: string[] = [];
let serving: Serving;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As it is written: `fetch` would tidy the path and hide the origin. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(serving.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method, headers: { origin: PAGE, ...headers } },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

beforeAll(async () => {
  await writeTinyCheckpoint(join(models, 'student one'), { dtypes: ['int8'], role: 'student' });
  await writeTinyCheckpoint(join(models, 'teacher'), { dtypes: ['int8'], role: 'teacher' });
  mkdirSync(join(models, 'empty'));
  writeFileSync(join(models, 'notes.txt'), 'private');
  writeFileSync(join(models, 'teacher', 'notes.txt'), 'private');
  writeFileSync(join(folder, 'secret.json'), 'secret');
  serving = await serveCheckpoints(
    { folder: models, port: 0, host: 'localhost', origins: [PAGE] },
    { refused: (origin) => refused.push(origin) },
  );
}, 60_000);
afterAll(() => serving.stop());

describe('a folder of checkpoints', () => {
  it('is found, each with its card', async () => {
    const found = await findCheckpoints(models);
    expect(found.map(({ path, card }) => [path, card.role])).toEqual([
      ['student one/', 'student'],
      ['teacher/', 'teacher'],
    ]);
    expect((await findCheckpoints(join(models, 'teacher'))).map(({ path }) => path)).toEqual(['']);
    await expect(findCheckpoints(join(models, 'empty'))).rejects.toThrow(/has no ranker\.json/);
    await expect(findCheckpoints(join(folder, 'none'))).rejects.toMatchObject({ code: 'missing' });
  });

  it('is read by the page’s own source, file by file and in parts', async () => {
    const source = new UrlFolder(`${serving.url}student%20one/`);
    const { card, files } = await source.facts();
    expect(card?.role).toBe('student');
    expect(files.map(({ path }) => path)).toContain('onnx/scorer_int8.onnx');
    const bytes = await source.open('onnx/scorer_int8.onnx');
    const whole = readFileSync(join(models, 'student one', 'onnx', 'scorer_int8.onnx'));
    expect(bytes.size).toBe(whole.length);
    expect(Buffer.from(await bytes.read(100, 50))).toEqual(whole.subarray(100, 150));
  });

  it('answers ranges, and says to the page’s origin what it may see', async () => {
    const { status, headers, body } = await ask('/teacher/config.json', { range: 'bytes=1-4' });
    expect([status, headers['access-control-allow-origin'], headers['accept-ranges']]).toEqual([
      206,
      PAGE,
      'bytes',
    ]);
    expect(headers['access-control-expose-headers']).toMatch(/Content-Range/);
    expect(headers.vary).toMatch(/Origin/);
    expect(body).toEqual(readFileSync(join(models, 'teacher', 'config.json')).subarray(1, 5));
    expect((await ask('/teacher/config.json', { range: 'bytes=999999-' })).status).toBe(416);
    const again = await ask('/teacher/config.json', { 'if-none-match': headers.etag! });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('answers what Chromium asks before a page from elsewhere reads from this machine', async () => {
    const { status, headers } = await ask(
      '/teacher/ranker.json',
      { 'access-control-request-private-network': 'true', 'access-control-request-headers': 'range' },
      'OPTIONS',
    );
    expect([status, headers['access-control-allow-private-network']]).toEqual([204, 'true']);
    expect(headers['access-control-allow-headers']).toContain('Range');
  });
});

describe('a cross-encoder in transformers.js’ layout', () => {
  const cross = join(folder, 'cross');
  beforeAll(() => {
    for (const [path, bytes] of tinyCrossEncoder()) {
      mkdirSync(dirname(join(cross, path)), { recursive: true });
      writeFileSync(join(cross, path), bytes);
    }
    writeFileSync(join(cross, 'notes.txt'), 'private');
  });

  it('is served without a card, and found by the page', async () => {
    expect(await findCheckpoints(cross)).toMatchObject([
      { path: '', card: { name: 'cross', scorers: { fp32: 'onnx/model.onnx' } } },
    ]);
    const own = await serveCheckpoints({ folder: cross, port: 0, host: 'localhost', origins: [] });
    try {
      const { uses } = await lookUp(own.url, 'http://localhost:1', { sleep: async () => {} });
      expect(uses).toMatchObject([{ kind: 'text-classification', dtype: 'fp32' }]);
      expect((await fetch(`${own.url}notes.txt`)).status).toBe(404);
    } finally {
      await own.stop();
    }
  });
});

describe('what does not get out', () => {
  it.each([
    ['the folder itself', '/'],
    ['a list of a checkpoint’s files', '/teacher/'],
    ['a file beside the checkpoints', '/notes.txt'],
    ['a file in a checkpoint that its card does not name', '/teacher/notes.txt'],
    ['a folder without a card', '/empty/ranker.json'],
    ['a file above', '/../secret.json'],
    ['a file above, coded', '/%2e%2e/secret.json'],
    ['a file above, coded twice', '/teacher/%252e%252e/%252e%252e/secret.json'],
    ['a file above by way of a checkpoint', '/teacher/../../secret.json'],
    ['an absolute path', `//${encodeURIComponent(join(folder, 'secret.json'))}`],
    ['a path with a zero', '/teacher/ranker.json%00.txt'],
    ['a path that cannot be decoded', '/%E0%A4%A'],
  ])('%s', async (_, path) => {
    const { status, body } = await ask(path);
    expect([status, String(body)]).toEqual([404, expect.not.stringMatching(/secret|private/)]);
  });

  it('links out of the folder, of a file and of a checkpoint', async () => {
    await writeTinyCheckpoint(join(folder, 'outside'), { dtypes: ['int8'] });
    symlinkSync(join(folder, 'outside'), join(models, 'linked'));
    expect((await ask('/linked/ranker.json')).status).toBe(404);
    const config = join(models, 'teacher', 'config.json');
    renameSync(config, `${config}.kept`);
    symlinkSync(join(folder, 'secret.json'), config);
    const { status, body } = await ask('/teacher/config.json');
    renameSync(`${config}.kept`, config);
    expect([status, String(body)]).toEqual([404, expect.not.stringContaining('secret')]);
  });

  it('anything for a page of another origin, or one that calls this machine by its own name', async () => {
    const other = await ask('/teacher/ranker.json', { origin: 'https://elsewhere.example' });
    expect([other.status, other.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect(refused).toEqual(['https://elsewhere.example']);
    expect((await ask('/teacher/ranker.json', { origin: 'null' })).status).toBe(403);
    expect((await ask('/teacher/ranker.json', { host: 'elsewhere.example:4300' })).status).toBe(421);
  });

  it('anything that would be taken in', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await ask('/teacher/ranker.json', {}, method)).status).toBe(405);
    }
  });
});

describe('serve as a process', () => {
  it('prints the address to paste, serves it, and ends at Ctrl-C with 0 though a connection is open', async () => {
    const { child, finished } = startTrainer(['serve', models, '--port', '0', '--json']);
    const line = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (data) => resolve(String(data))),
    );
    const { url, models: told } = JSON.parse(line) as { url: string; models: { address: string }[] };
    expect(told.map(({ address }) => address)).toEqual([`${url}student%20one/`, `${url}teacher/`]);
    expect((await new UrlFolder(told[1]!.address).facts()).card?.role).toBe('teacher');
    const idle = createConnection(Number(new URL(url).port), 'localhost');
    await new Promise((resolve) => idle.once('connect', resolve));
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    idle.destroy();
    expect([code, stderr]).toEqual([0, '']);
  }, 60_000);

  it('says what is wrong with the call', async () => {
    const none = await runTrainer(['serve', join(models, 'empty')]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/has no ranker\.json/)]);
    const origin = await runTrainer(['serve', models, '--origin', 'me']);
    expect([origin.code, origin.stderr]).toEqual([2, expect.stringMatching(/--origin is “me”/)]);
  }, 60_000);
});
