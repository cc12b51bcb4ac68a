/** WebGPU on a software adapter: slow, but its numbers must be those of WASM. Loading is what takes long: few pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { probeLabels } from '../src/checkpoint/build/probe-scores.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../src/checkpoint/ranker-card.ts';
import type { DecisionsExport } from '../src/formats/decisions.ts';
import { PROBE_TEXTS, probeLogits } from '../src/inference/parity.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus, teaPassages } from './corpus.ts';
import { HubServer } from './hub-server/hub-server.ts';
import { repoOfFiles } from './hub-server/repo.ts';
import { expect, test } from './test.ts';

/** Every new shape of a batch costs seconds of shader compilation: few passages, short ones. */
const N = 2;
const TEACHER = 'public/models/demo-teacher';
const RUN = { timeout: 300_000 };

async function job(app: App, device: 'auto' | 'wasm' | 'webgpu'): Promise<DecisionsExport> {
  await app.preset({ k: N, device });
  await app.open();
  return ranked(app);
}

/** On the page as it stands. */
async function ranked(app: App): Promise<DecisionsExport> {
  await app.give(teaCorpus(N), QUERY);
  await app.start();
  await expect(app.region('Teacher')).toHaveAttribute('data-state', /done|error|cancelled/, RUN);
  await app.expectAll('done');
  return app.decisions();
}

/** Leaves q8 as the only scorer a checkpoint has, so that WASM runs the weights that WebGPU runs. */
async function onlyQ8(page: Page): Promise<void> {
  await page.route('**/ranker.json', async (route) => {
    const card = (await (await route.fetch()).json()) as { scorers: Record<string, string> };
    await route.fulfill({ json: { ...card, scorers: { q8: card.scorers.q8 } } });
  });
}

/** What the CPU says of the probe's prompts, as a conversion writes it into a card. */
async function probeOf(folder: string) {
  const { scorer, card } = await openCheckpoint(nodeFolder(folder), nodeRuntime(1), { dtype: 'q8' });
  const labels = probeLabels(card);
  try {
    return { prompts: PROBE_TEXTS, labels, logits: await probeLogits(scorer, labels) };
  } finally {
    await scorer.dispose();
  }
}

const logitsOf = ({ methods }: DecisionsExport): Map<string, number> =>
  new Map([
    ...methods.student.scored.map(({ id, logits }) => [id, logits[0] as number] as const),
    ...methods.teacher.decisions.flatMap(
      ({ a, b, logitA, logitB }) =>
        [
          [`${a} ${b} A`, logitA],
          [`${a} ${b} B`, logitB],
        ] as const,
    ),
  ]);

/** The runtime keeps its device to itself: workers remember every one that is made. */
function rememberDevices(page: Page): void {
  page.on('worker', (worker) => {
    void worker
      .evaluate(() => {
        const scope = globalThis as unknown as Devices;
        scope.devices = [];
        const adapter = scope.GPUAdapter?.prototype;
        if (!adapter) return;
        const { requestDevice } = adapter;
        adapter.requestDevice = async function (...args) {
          const device = await requestDevice.apply(this, args);
          scope.devices.push(device);
          return device;
        };
      })
      .catch(() => {});
  });
}

test('a short job on WebGPU gives the logits of WASM; after the loss of its device the next goes on from its answers', async ({
  app,
  browser,
  page,
}) => {
  test.setTimeout(360_000);
  rememberDevices(page);
  const builds = new Set<string>();
  page.on('request', (request) => {
    const build = /ort-wasm-simd-threaded\.(asyncify|jspi).*\.wasm$/.exec(request.url())?.[1];
    if (build) builds.add(build);
  });
  const onGpu = await job(app, 'webgpu');
  for (const method of [onGpu.methods.student, onGpu.methods.teacher]) {
    expect(method.checkpoint).toMatchObject({ device: 'webgpu', dtype: 'q8' });
  }
  // Chromium can suspend WebAssembly (JSPI): the smaller build serves it.
  expect([...builds]).toEqual(['jspi']);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(page.url());
  await onlyQ8(other);
  const onWasm = await job(new App(other), 'wasm');
  expect(onWasm.methods.teacher.checkpoint).toMatchObject({ device: 'wasm', dtype: 'q8' });

  const gpu = logitsOf(onGpu);
  const wasm = logitsOf(onWasm);
  expect([...gpu.keys()].sort()).toEqual([...wasm.keys()].sort());
  expect(gpu.size).toBe(N + 2 * N * (N - 1));
  // Same weights, same prompts: what is left is the order of additions in float32.
  const worst = Math.max(...[...gpu].map(([key, logit]) => Math.abs(logit - (wasm.get(key) as number))));
  test.info().annotations.push({ type: 'largest difference of a logit', description: String(worst) });
  for (const [key, logit] of gpu) expect(Math.abs(logit - (wasm.get(key) as number)), key).toBeLessThan(2e-3);
  await context.close();

  // Other passages: nothing of them is known yet.
  await app.give(
    teaPassages(N + 5)
      .slice(N)
      .join('\n'),
    QUERY,
    5,
  );
  await app.start();
  await expect(app.region('Teacher')).toHaveAttribute('data-phase', 'scoring', RUN);
  await page.waitForFunction(
    () =>
      / [1-9]\d* of 20 calls|^[1-9]\d* of 20 calls/m.test(
        document.querySelector<HTMLElement>('section[aria-label="Teacher"]')?.innerText ?? '',
      ),
    null,
    { polling: 'raf', ...RUN },
  );
  const destroyed = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { devices = [] } = globalThis as unknown as Partial<Devices>;
        for (const device of devices) device.destroy();
        return devices.length;
      }),
    ),
  );
  expect(destroyed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  await expect(page.getByText('The graphics device was lost.')).toBeVisible(RUN);
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'done', RUN);
  await expect(app.region('Teacher')).toHaveAttribute('data-device', 'webgpu');
  const { answered, planned, cached } = await app.calls('Teacher');
  expect({ answered, planned }).toEqual({ answered: 20, planned: 20 });
  expect(cached).toBeGreaterThan(0);
  expect((await app.decisions()).methods.teacher.decisions).toHaveLength(20);
});

test('a software adapter is never preferred to WASM', async ({ app, page }) => {
  await app.open();
  const adapter = await page.evaluate(async () => {
    type Gpu = {
      requestAdapter(): Promise<{ info?: { isFallbackAdapter?: boolean; description?: string } } | null>;
    };
    const found = await (navigator as unknown as { gpu?: Gpu }).gpu?.requestAdapter();
    return found ? { fallback: found.info?.isFallbackAdapter ?? false } : null;
  });
  expect(adapter, 'this browser offers a WebGPU adapter').not.toBeNull();
  test.skip(adapter?.fallback === false, 'this machine has a real GPU: it is preferred, and rightly so');
  const { methods } = await job(app, 'auto');
  for (const method of [methods.student, methods.teacher]) expect(method.checkpoint?.device).toBe('wasm');
  await expect(app.region('Teacher')).toContainText('WASM');
});

test('figures of the card stand for the CPU where a model is too large for it; a model of the hub is converted and ranks', async ({
  app,
  page,
}) => {
  test.setTimeout(360_000);
  const probe = await probeOf(TEACHER);
  await page.route('**/models/demo-*/ranker.json', async (route) => {
    const card = (await (await route.fetch()).json()) as RankerCard;
    await route.fulfill({
      json: {
        ...card,
        // The student gets them, too, and they are not its own.
        probe: { ...probe, logits: { q8: probe.logits } },
        // Nobody reads it: it only makes the model larger than WebAssembly's heap.
        files: { ...card.files, 'onnx/scorer_q8.onnx_data': { bytes: 5e9, sha256: '0'.repeat(64) } },
      },
    });
  });
  const workers: string[] = [];
  page.on('worker', (worker) => workers.push(worker.url()));
  const hub = await HubServer.start();
  try {
    const paths = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    const files = paths.map((path) => [path, readFileSync(join(TEACHER, path))] as const);
    hub.host('me/flan-t5', { repo: repoOfFiles(Object.fromEntries(files)), modelType: 't5' });
    await app.preset({ k: N, device: 'webgpu' });
    await page.goto('./#/models');
    const column = (name: string) => page.getByRole('region', { name, exact: true });
    await expect(
      page.getByText(
        /WebGPU disagreed with the CPU on this model \(logits differ by [\d.]+\)\. WASM is used/,
      ),
    ).toBeVisible(RUN);
    await expect(column('Student')).toContainText(/Device\s*WASM/, RUN);
    await expect(column('Teacher')).toContainText(/Device\s*WebGPU/, RUN);
    expect(workers.filter((url) => url.includes('parity'))).toEqual([]);

    await app.box('Hub address').fill(hub.url);
    await app.box('Model').fill('me/flan-t5');
    await app.button('Look up').click();
    await expect(app.button('Download')).toHaveAccessibleDescription(/converted here to q8 and int8/);
    await app.button('Download').click();
    await expect(app.button('Use as Student')).toBeVisible(RUN);
    await app.button('Use as Student').click();
    await expect(page.getByText('Student: loaded, ready to rank')).toBeVisible(RUN);
    expect(workers.filter((url) => url.includes('parity'))).toHaveLength(1);
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Playground' }).click();
    const { methods } = await ranked(app);
    for (const { checkpoint } of [methods.student, methods.teacher]) {
      expect(checkpoint).toMatchObject({ device: 'webgpu', dtype: 'q8' });
    }
    expect(methods.student.checkpoint?.name).toBe('me/flan-t5');
  } finally {
    await hub.close();
  }
});

/** What of a worker's scope the test above reaches for. */
interface Devices {
  devices: { destroy(): void }[];
  readonly GPUAdapter?: {
    readonly prototype: { requestDevice(this: unknown, ...args: unknown[]): Promise<{ destroy(): void }> };
  };
}
