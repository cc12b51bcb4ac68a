/**
 * Draws the icons of the installed page from their SVGs, in Chromium: `npx tsx scripts/icons.ts`, whenever one of the two
 * changes. The maskable one keeps to the inner 80 %, which no launcher cuts away.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from './browser.ts';

const ROOT = join(import.meta.dirname, '..');
const ICONS = [
  ['public/favicon.svg', 192, 'icon-192.png'],
  ['public/favicon.svg', 512, 'icon-512.png'],
  ['scripts/icon-maskable.svg', 512, 'icon-maskable-512.png'],
] as const;

const browser = await chromium.launch({ executablePath: ensureBrowser(), args: [...BROWSER_FLAGS] });
const page = await browser.newPage();
const folder = join(ROOT, 'public/icons');
mkdirSync(folder, { recursive: true });
for (const [source, size, name] of ICONS) {
  const svg = readFileSync(join(ROOT, source), 'utf8').replace(
    '<svg',
    `<svg width="${size}" height="${size}"`,
  );
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
