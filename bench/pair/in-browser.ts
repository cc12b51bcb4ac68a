/** The same comparison in Chromium on WASM. */
import { chromium } from '@playwright/test';
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/browser.ts';
import { serve } from '../../scripts/server.ts';
import { buildPage } from '../build-page.ts';
import { type PathFiles, speeds } from './paths.ts';

const PAGE = new URL('./browser', import.meta.url).pathname;

/** @param folder holds the files, and takes the page. @param paths fused, pair. */
export async function compareInBrowser(folder: string, paths: readonly PathFiles[], rounds: number) {
  await buildPage(PAGE, folder);
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
