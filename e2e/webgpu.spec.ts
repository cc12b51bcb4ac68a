/** WebGPU on a software adapter: slow, but its numbers must be those of WASM. */
import type { Page } from '@playwright/test';
import type { DecisionsExport } from '../src/formats/decisions.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

/** Every new shape of a batch costs seconds of shader compilation: few passages, short ones. */
const N = 2;
const RUN = { timeout: 300_000 };

async function job(page: Page, device: 'auto' | 'wasm' | 'webgpu'): Promise<DecisionsExport> {
  const app = new App(page);
  await app.preset({ k: N, device });
  await app.open();
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

test('a short job on WebGPU gives the logits of WASM', async ({ browser, page }) => {
  const builds = new Set<string>();
  page.on('request', (request) => {
    const build = /ort-wasm-simd-threaded\.(asyncify|jspi).*\.wasm$/.exec(request.url())?.[1];
    if (build) builds.add(build);
  });
  const onGpu = await job(page, 'webgpu');
  for (const method of [onGpu.methods.student, onGpu.methods.teacher]) {
    expect(method.checkpoint).toMatchObject({ device: 'webgpu', dtype: 'q8' });
  }
  // Chromium can suspend WebAssembly (JSPI): the smaller build serves it.
  expect([...builds]).toEqual(['jspi']);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(page.url());
  await onlyQ8(other);
  const onWasm = await job(other, 'wasm');
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
  const { methods } = await job(page, 'auto');
  for (const method of [methods.student, methods.teacher]) expect(method.checkpoint?.device).toBe('wasm');
  await expect(app.region('Teacher')).toContainText('WASM');
});

test('a device lost in mid-run: the model is loaded again, and no answer is asked for twice', async ({
  page,
}) => {
  const app = new App(page);
  // The runtime keeps its device to itself: workers remember every one that is made.
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
  await app.preset({ k: 5, device: 'webgpu' });
  await app.open();
  await app.give(teaCorpus(5), QUERY);
  // Asked before its model is loaded, a run so slow would ask back in the middle.
  await expect(page.getByText('ready', { exact: true })).toHaveCount(2, RUN);
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

/** What of a worker's scope the test above reaches for. */
interface Devices {
  devices: { destroy(): void }[];
  readonly GPUAdapter?: {
    readonly prototype: { requestDevice(this: unknown, ...args: unknown[]): Promise<{ destroy(): void }> };
  };
}
