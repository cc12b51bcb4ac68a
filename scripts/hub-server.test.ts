/** The hub of the tests behaves as the notes say of the real one. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HubServer, rateLimited } from '../e2e/hub-server/hub-server.ts';
import { repoOfFiles } from '../e2e/hub-server/repo.ts';

const WEIGHTS = new Uint8Array(100_000).map((_, i) => (i * 7) % 251);
const repo = repoOfFiles({ 'config.json': '{}', 'model.safetensors': WEIGHTS, 'onnx/a.onnx': 'graph' });
let hub: HubServer;

beforeAll(async () => {
  hub = await HubServer.start({ pageSize: 2 });
  hub.host('owner/name', { repo, license: 'apache-2.0' });
  hub.host('owner/gated', { repo, gated: 'auto' });
});
afterAll(() => hub.close());

const get = (path: string, init?: RequestInit) => fetch(`${hub.url}/${path}`, init);
const json = async (path: string) => (await get(path)).json() as Promise<never>;

it('lists the files page by page, with digests', async () => {
  const first = await get('api/models/owner/name/tree/main?recursive=true');
  expect(await first.json()).toHaveLength(2);
  const next = /<(.*)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
  const rest = (await (await fetch(next)).json()) as unknown[];
  const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
  expect(rest).toContainEqual(
    expect.objectContaining({ path: 'model.safetensors', lfs: expect.objectContaining({ oid: sha256 }) }),
  );
});

it('tells the commit, and keeps former ones when main moves', async () => {
  expect(await json('api/models/owner/name/revision/main')).toMatchObject({ sha: repo.commit, gated: false });
  hub.host('owner/moving', { repo });
  hub.host('owner/moving', { repo: repoOfFiles({ 'config.json': '{"new": 1}' }) });
  expect(await (await get(`owner/moving/resolve/${repo.commit}/config.json`)).text()).toBe('{}');
  expect(await (await get('owner/moving/resolve/main/config.json')).text()).toBe('{"new": 1}');
});

it('sends large files from another origin, by an address that expires, and refuses preflights there', async () => {
  const redirect = await get('owner/name/resolve/main/model.safetensors', { redirect: 'manual' });
  expect(redirect.status).toBe(302);
  const address = redirect.headers.get('location')!;
  expect(new URL(address).origin).toBe(hub.cdnUrl);
  const part = await fetch(address, { headers: { Range: 'bytes=99990-' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 99990-99999/100000']);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(WEIGHTS.slice(99_990));
  expect((await fetch(address, { headers: { Range: 'bytes=100000-' } })).status).toBe(416);
  expect((await fetch(address, { method: 'OPTIONS' })).status).toBe(403);
  expect((await fetch(address.replace(/Expires=\d+/, 'Expires=9'))).status).toBe(403);
});

it('sends small files by 307, names the page that asks, and tells missing from gated', async () => {
  const small = await get('owner/name/resolve/main/config.json', {
    redirect: 'manual',
    headers: { Origin: 'http://page' },
  });
  expect([small.status, small.headers.get('access-control-allow-origin')]).toEqual([307, 'http://page']);
  const codes = async (path: string) => {
    const { status, headers } = await get(path);
    return [status, headers.get('x-error-code')];
  };
  expect(await codes('api/models/owner/none/revision/main')).toEqual([401, 'RepoNotFound']);
  expect(await codes('owner/gated/resolve/main/config.json')).toEqual([401, 'GatedRepo']);
  expect(await codes('owner/name/resolve/main/none.json')).toEqual([404, 'EntryNotFound']);
  expect(await codes('api/models/owner/name/revision/v9')).toEqual([404, 'RevisionNotFound']);
});

it('does harm on demand, once', async () => {
  const address = 'owner/name/resolve/main/model.safetensors';
  hub.faults.add({ on: 'cdn', path: /safetensors/, harm: { cutAfter: 1000 } });
  let got = 0;
  const cut = await get(address);
  await expect(
    (async () => {
      for await (const chunk of cut.body!) got += (chunk as Uint8Array).length;
    })(),
  ).rejects.toThrow();
  expect(got).toBe(1000);
  hub.faults.add({ on: 'cdn', harm: { ignoreRange: true } });
  expect((await get(address, { headers: { Range: 'bytes=5-' } })).status).toBe(200);
  hub.faults.add({ on: 'cdn', harm: { altered: true } });
  expect(new Uint8Array(await (await get(address)).arrayBuffer())).not.toEqual(WEIGHTS);
  hub.faults.add({ on: 'hub', harm: rateLimited(7) }, { on: 'hub', harm: { html: true } });
  const limited = await get('api/models/owner/name/revision/main');
  expect([limited.status, limited.headers.get('ratelimit')]).toEqual([429, '"api";r=0;t=7']);
  expect((await get('api/models/owner/name/revision/main')).headers.get('content-type')).toBe('text/html');
  expect(new Uint8Array(await (await get(address)).arrayBuffer())).toEqual(WEIGHTS);
});
