/** The same comparison in Chromium on WASM. */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/browser.ts';
import { serve } from '../../scripts/server.ts';
import { type PathFiles, speeds } from './paths.ts';

const PAGE = new URL('./browser', import.meta.url).pathname;

/** @param folder holds the files, and takes the page. @param paths fused, pair. */
export async function compareInBrowser(folder: string, paths: readonly PathFiles[], rounds: number) {
  await build({
    root: PAGE,
    configFile: false,
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: join(folder), emptyOutDir: false, target: 'chrome123' },
  });
  const { url, server } = await serve(folder, 0);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'compare' in window);
    const [msFused, msPair] = await page.evaluate(
      ({ paths, rounds }) => (window as unknown as { compare: Compare }).compare(paths, rounds),
      { paths, rounds },
    );
    return { device: 'wasm', ...speeds(msFused!, msPair!) };
  } finally {
    await browser.close();
    server.close();
  }
}

type Compare = (paths: readonly PathFiles[], rounds: number) => Promise<number[][]>;
