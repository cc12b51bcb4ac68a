/**
 * The same conversion in Chromium, by the page's own workers and into its own storage: megabytes of weights a second, the
 * renderer's peak of memory, and what using the checkpoint takes a second time, on a fresh page.
 */
import { type Browser, type CDPSession, chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/browser.ts';
import { serve } from '../../scripts/server.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { buildPage } from '../build-page.ts';
import { forgetPeak, peakMegabytesOf } from '../memory.ts';
import type { Steps } from './page/page.ts';

const PAGE = new URL('./page', import.meta.url).pathname;

/** What is converted: a folder of the hub's layout. */
export interface BrowserInput {
  /** Takes the page. */
  readonly folder: string;
  /** In that folder. */
  readonly name: string;
  /** Bytes of its weights. */
  readonly stored: number;
}

export async function convertInBrowser({ folder, name, stored }: BrowserInput, dtypes: readonly Dtype[]) {
  await buildPage(PAGE, folder);
  const { url, server } = await serve(folder, 0);
  try {
    const results: Record<string, object> = {};
    for (const dtype of dtypes) {
      // A browser of its own for each: its storage is empty, its peak its own.
      const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
      try {
        results[dtype] = await one(browser, url, name, stored, dtype);
      } finally {
        await browser.close();
      }
    }
    return results;
  } finally {
    server.close();
  }
}

async function one(browser: Browser, url: string, name: string, stored: number, dtype: Dtype) {
  const context = await browser.newContext();
  const open = async () => {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'steps' in window);
    return page;
  };
  const first = await open();
  const empty = await Renderers.of(browser);
  const id = await first.evaluate(
    (address) => (window as unknown as Page).steps.fetch(address),
    `${url}${name}/`,
  );
  const converting = await Renderers.of(browser);
  const { files, conversion } = await first.evaluate(
    ([stored, as]) => (window as unknown as Page).steps.convert(stored, as),
    [id, dtype] as const,
  );
  const { peakMegabytes, processorSeconds } = await converting.sinceThen();
  await first.close();

  const second = await open();
  const starting = await Renderers.of(browser);
  const { seconds, loadMs, compileMs, warmMs } = await second.evaluate(
    (as) => (window as unknown as Page).steps.start(as),
    dtype,
  );
  const started = await starting.sinceThen();
  await context.close();
  return {
    megabytesASecond: stored / 1e6 / conversion,
    megabytesAProcessorSecond: stored / 1e6 / processorSeconds,
    /** Of the renderer, with all its workers. */
    peakMegabytes,
    emptyPageMegabytes: empty.megabytes,
    /** From the click to the conversion: nothing is read a second time that was seen to come. */
    secondsBefore: files,
    secondStart: { seconds, loadMs, compileMs, warmMs, peakMegabytes: started.peakMegabytes },
  };
}

interface Page {
  readonly steps: Steps;
}

/** The browser's renderers from a moment on: the page has one of them, the others are spare and do nothing. */
class Renderers {
  readonly megabytes: number | undefined;
  readonly #session: CDPSession;
  readonly #cpu: ReadonlyMap<number, number>;

  private constructor(session: CDPSession, cpu: ReadonlyMap<number, number>) {
    this.#session = session;
    this.#cpu = cpu;
    for (const pid of cpu.keys()) forgetPeak(pid);
    this.megabytes = peakOf(cpu.keys());
  }

  static async of(browser: Browser): Promise<Renderers> {
    const session = await browser.newBrowserCDPSession();
    return new Renderers(session, await processorTimes(session));
  }

  /** `peakMegabytes` is undefined where there is no /proc. */
  async sinceThen() {
    const now = await processorTimes(this.#session);
    const processorSeconds = [...now].reduce((sum, [pid, s]) => sum + s - (this.#cpu.get(pid) ?? 0), 0);
    return { peakMegabytes: peakOf(now.keys()), processorSeconds };
  }
}

/** Seconds of each renderer so far, by process id. */
async function processorTimes(session: CDPSession): Promise<ReadonlyMap<number, number>> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return new Map(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime] as const),
  );
}

function peakOf(pids: Iterable<number>): number | undefined {
  const peaks = [...pids].flatMap((pid) => peakMegabytesOf(pid) ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}
