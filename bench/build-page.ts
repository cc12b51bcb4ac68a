/** Builds a page of the benches as the app is built: for the same browsers, with workers that are modules. */
import { build } from 'vite';

/** @param out takes the page, beside what it holds already @param publicDir whose files the page can fetch */
export async function buildPage(root: string, out: string, publicDir: string | false = false): Promise<void> {
  await build({
    root,
    configFile: false,
    base: './',
    publicDir,
    logLevel: 'error',
    worker: { format: 'es' },
    // What a page alone is made of is made anew; where models lie already they stay.
    build: { outDir: out, emptyOutDir: publicDir !== false, target: 'chrome123' },
  });
}
