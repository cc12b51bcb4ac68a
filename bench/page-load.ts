/**
 * From opening the page, cold, to three complete rankings of a sample at top 10: a fresh browser
 * profile, the production build, WASM. Aim 3 s, at most 6 s on two cores; 10 MB compressed.
 */
import { chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/browser.ts';
import { build, DIST, isBuilt, pack } from '../scripts/build.ts';
import { serve } from '../scripts/server.ts';
import { median } from './statistics.ts';

const REGIONS = ['BM25', 'Student', 'Teacher'];

interface Load {
  readonly ms: number;
  readonly bytes: number;
}

export async function benchPageLoad(rounds: number) {
  if (!isBuilt()) build();
  pack();
  const { url, server } = await serve(DIST, 0);
  const loads: Load[] = [];
  try {
    for (let round = 0; round < rounds; round++) loads.push(await loadOnce(url));
  } finally {
    server.close();
  }
  return {
    rounds,
    secondsToThreeRankings: median(loads.map(({ ms }) => ms)) / 1000,
    slowestSeconds: Math.max(...loads.map(({ ms }) => ms)) / 1000,
    megabytesReceived: median(loads.map(({ bytes }) => bytes)) / 1e6,
  };
}

/** One cold load: Rank is asked for as soon as the page offers it, as an impatient visitor would. */
async function loadOnce(url: string): Promise<Load> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    let bytes = 0;
    const sizes: Promise<void>[] = [];
    context.on('requestfinished', (request) => {
      sizes.push(
        request
          .sizes()
          .then(({ responseBodySize, responseHeadersSize }) => {
            bytes += responseBodySize + responseHeadersSize;
          })
          .catch(() => {}),
      );
    });
    const began = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Rank', exact: true }).click();
    await page.waitForFunction(
      (names) =>
        names.every(
          (name) => document.querySelector(`[aria-label="${name}"]`)?.getAttribute('data-state') === 'done',
        ),
      REGIONS,
      { polling: 'raf', timeout: 120_000 },
    );
    const ms = performance.now() - began;
    await Promise.all(sizes);
    return { ms, bytes };
  } finally {
    await browser.close();
  }
}
