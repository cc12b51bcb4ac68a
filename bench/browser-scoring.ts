/** Scores per second of the page's worker against a bare loop in the same browser (aim ≥ 0.9). */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/browser.ts';
import { serve } from '../scripts/server.ts';
import type { BrowserRounds } from './browser/page.ts';
import { buildPage } from './build-page.ts';
import { sampleJob } from './sample-job.ts';
import { median } from './statistics.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const OUT = join(ROOT, '.cache/bench-page');

export async function benchBrowserScoring(rounds: number) {
  await buildPage(join(ROOT, 'bench/browser'), OUT, join(ROOT, 'public'));
  const { url, server } = await serve(OUT, 0);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in window);
    const measured: BrowserRounds = await page.evaluate(
      ({ job, rounds }) => (window as unknown as { bench: Bench }).bench('models/demo-teacher/', job, rounds),
      { job: sampleJob(), rounds },
    );
    const { app, bare, calls, padding, dtype, threads } = measured;
    return {
      browser: browser.version(),
      device: 'wasm',
      threads,
      dtype,
      calls,
      rounds,
      scoresPerSecondApp: (1000 * calls) / median(app),
      scoresPerSecondBare: (1000 * calls) / median(bare),
      ratio: median(app.map((ms, i) => bare[i]! / ms)),
      padding,
    };
  } finally {
    await browser.close();
    server.close();
  }
}

type Bench = (url: string, job: ReturnType<typeof sampleJob>, rounds: number) => Promise<BrowserRounds>;
