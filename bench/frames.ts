/**
 * How smoothly the page draws while the teacher compares 100 candidates, all pairs: gaps between animation
 * frames, and what they cost in calls. The production build in a real Chromium, headless: it paints in
 * software, on the same cores as the models, so that a laptop with a GPU does better. No floor: gaps
 * depend on what else the machine does.
 */
import { readFileSync } from 'node:fs';
import { chromium, type Page } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/browser.ts';
import { build, DIST, isBuilt } from '../scripts/build.ts';
import { serve } from '../scripts/server.ts';
import { median } from './statistics.ts';

const CANDIDATES = 100;
/** Long enough for many frames, short of the end of 9,900 calls. */
export const SECONDS = 15;
const SAMPLE = new URL('../public/samples/town.json', import.meta.url);

/** A page that is already being served is measured as it is, e.g. an older build; otherwise this one is built and served. */
const SERVED = process.env.RANKSCOPE_URL;

/** What one run gave; times in milliseconds. */
interface Watched {
  readonly gaps: readonly number[];
  /** When the head of the teacher's column showed another number of calls, and that number. */
  readonly shown: readonly (readonly [at: number, calls: number])[];
  /** Sum of the tasks of the main thread over 50 ms. */
  readonly blocked: number;
}

export async function benchFrames(rounds: number) {
  const { results, browser } = await inPages(rounds, async (page, url) => {
    await startTeacher(page, url);
    return figures(await page.evaluate(watch, SECONDS * 1000));
  });
  return { rounds: results, browser, seconds: SECONDS, ...medians(results) };
}

/** Does something in a fresh page of the build, once a round. */
export async function inPages<T>(rounds: number, act: (page: Page, url: string) => Promise<T>) {
  if (!SERVED && !isBuilt()) build();
  const here = SERVED ? undefined : await serve(DIST, 0);
  const url = SERVED ?? here!.url;
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
  try {
    const results: T[] = [];
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        serviceWorkers: 'block',
      });
      results.push(await act(await context.newPage(), url));
      await context.close();
    }
    return { results, browser: `${browser.version()}, headless, software rendering` };
  } finally {
    await browser.close();
    here?.server.close();
  }
}

/** By name, the median over rounds. */
export function medians<T extends Readonly<Record<string, number>>>(results: readonly T[]): T {
  const names = Object.keys(results[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(results.map((one) => one[name]!))])) as T;
}

export function figures({ gaps, shown, blocked }: Watched) {
  const sorted = [...gaps].sort((a, b) => a - b);
  const [first, last] = [shown[0], shown.at(-1)];
  const span = first && last ? (last[0] - first[0]) / 1000 : Number.NaN;
  return {
    frames: gaps.length,
    medianGapMs: median(gaps),
    p95GapMs: sorted[Math.floor(sorted.length * 0.95)]!,
    longestGapMs: sorted.at(-1)!,
    longTasksMs: blocked,
    commitsPerSecond: (shown.length - 1) / span,
    callsPerSecond: (last![1] - first![1]) / span,
  };
}

/** The sample's passages as one would paste them, and a query of their most frequent words: all match. */
function inputs(): { readonly corpus: string; readonly query: string } {
  const { passages } = JSON.parse(readFileSync(SAMPLE, 'utf8')) as { passages: { text: string }[] };
  const texts = passages.map(({ text }) => text.replace(/\s+/g, ' '));
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.toLowerCase().match(/[a-z]{4,}/g))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const words = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 24);
  return { corpus: texts.join('\n'), query: words.map(([word]) => word).join(' ') };
}

/** Ranks 100 candidates, and returns when the teacher has begun to compare them. */
export async function startTeacher(page: Page, url: string): Promise<void> {
  const { corpus, query } = inputs();
  const settings = JSON.stringify({ version: 1, data: { k: CANDIDATES } });
  const stored = JSON.stringify({
    version: 1,
    data: { query, corpus: { kind: 'text', text: corpus }, origin: null, format: null, skipBadLines: false },
  });
  await page.addInitScript(
    ([settings, stored]) => {
      localStorage.setItem('rankscope.settings', settings);
      localStorage.setItem('rankscope.page', stored);
    },
    [settings, stored] as const,
  );
  // tsx names the functions of `watch` with a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(url);
  await page.getByText('ready', { exact: true }).nth(1).waitFor();
  await page.getByRole('button', { name: 'Rank', exact: true }).click();
  const anyway = page.getByRole('button', { name: /anyway/ });
  const scoring = page.locator('[aria-label=Teacher][data-phase=scoring]');
  await anyway.or(scoring).first().waitFor();
  if (await anyway.isVisible()) await anyway.click();
  await page.mouse.move(2, 2);
  await scoring.waitFor({ timeout: 120_000 });
  const found = await page.locator('[aria-label=Teacher] [data-passage-id]').count();
  if (found !== CANDIDATES) throw new Error(`The query found ${found} candidates, not ${CANDIDATES}.`);
}

/** Runs in the page, for so many milliseconds. */
export function watch(ms: number): Promise<Watched> {
  const column = document.querySelector<HTMLElement>('[aria-label=Teacher]')!;
  const gaps: number[] = [];
  const shown: [number, number][] = [];
  let blocked = 0;
  // textContent: innerText would lay the page out.
  const note = () => {
    const text = column.querySelector('header')?.textContent ?? '';
    const calls = Number(/([\d,]+) of (?:≤ )?[\d,]+ calls/.exec(text)?.[1]?.replaceAll(',', ''));
    if (calls > 0 && calls !== shown.at(-1)?.[1]) shown.push([performance.now(), calls]);
  };
  const observer = new MutationObserver(note);
  observer.observe(column.querySelector('header')!, { subtree: true, characterData: true, childList: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) blocked += duration;
  }).observe({ type: 'longtask' });
  return new Promise((resolve) => {
    const began = performance.now();
    let last = began;
    const frame = (now: number) => {
      if (last !== began) gaps.push(now - last);
      last = now;
      if (now - began < ms) requestAnimationFrame(frame);
      else resolve({ gaps, shown, blocked });
    };
    requestAnimationFrame(frame);
  });
}
