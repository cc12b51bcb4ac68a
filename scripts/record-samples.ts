/**
 * Records the first question of every sample: the page itself, in a real Chromium, ranks it with its embedded models and
 * its first settings, and what “Recording” of its Export menu saves goes to public/samples/recordings. It is what the
 * page shows before its models have loaded. Run it after models, templates or samples have changed
 * (scripts/recorded-samples.test.ts says when):
 *
 *   npx tsx scripts/record-samples.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform } from 'node:os';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import { openRecordings } from '../src/formats/recording/open.ts';
import { writeRecordingLine } from '../src/formats/recording/write.ts';
import { BROWSER_FLAGS, ensureBrowser } from './browser.ts';
import { build, DIST } from './build.ts';
import { serve } from './server.ts';

const folder = new URL('../public/samples/', import.meta.url);
const { samples } = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as {
  readonly samples: readonly { readonly id: string; readonly title: string; readonly file: string }[];
};

build();
const served = await serve(DIST, 0);
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
try {
  const on = `Chromium ${browser.version().split('.')[0]} on ${platform()}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`;
  const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
  await page.goto(served.url);
  mkdirSync(new URL('recordings/', folder), { recursive: true });
  for (const { id, title, file } of samples) {
    const text = await record(page, title, firstQuestion(file));
    const [recording] = openRecordings(Buffer.from(text), id);
    if (!recording) throw new Error(`${id}: nothing was recorded.`);
    const made = { at: recording.made?.at ?? new Date().toISOString(), on };
    const packed = gzipSync(writeRecordingLine({ ...recording, made }), { level: 9 });
    writeFileSync(new URL(`recordings/${id}.rankscope.json.gz`, folder), packed);
    console.log(`${id}: “${recording.query.text}”, ${packed.length} bytes`);
  }
} finally {
  await browser.close();
  served.server.close();
}

function firstQuestion(file: string): string {
  const sample = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
    readonly queries: readonly { readonly text: string }[];
  };
  return sample.queries[0]!.text;
}

/** Ranks a question of a sample on the page, and returns what the page saves as its recording. */
async function record(page: Page, sample: string, question: string): Promise<string> {
  const skip = page.getByRole('button', { name: 'Skip the tour', exact: true });
  if (await skip.isVisible()) await skip.click();
  await page.getByRole('combobox', { name: 'Sample', exact: true }).selectOption({ label: sample });
  await page.getByRole('button', { name: question, exact: true }).click();
  // Loaded models: what is waited for is not in a run's times, but a busy machine slows them.
  await page.locator('.expect-state', { hasText: 'ready' }).nth(1).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Rank', exact: true }).click();
  await page.locator('section[aria-label="Teacher"][data-state="running"]').waitFor();
  await page.locator('section[aria-label="Teacher"][data-state="done"]').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Recording', exact: true }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}
