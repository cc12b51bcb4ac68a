/** The trainer in one file, for tests that start it many times: tsx looks up and translates hundreds at each start. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** What a module knows of its own place is that of its source. */
const ownPlace: Plugin = {
  name: 'own-place',
  // Before Vite makes assets of `new URL(…, import.meta.url)`.
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(ROOT) || !code.includes('import.meta.')) return undefined;
    const place = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
    return code.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, name: keyof typeof place) =>
      JSON.stringify(place[name]),
    );
  },
};

/**
 * Builds once for all processes that ask with the same folder; the others wait for the first.
 * @param folder inside the repository, where the packages that stay outside of the bundle are found
 * @returns the path of a file that Node runs as it would `trainer/main.ts`
 */
export async function bundleTrainer(folder: string): Promise<string> {
  const file = join(folder, 'main.js');
  mkdirSync(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!existsSync(file)) {
    if (!locked(lock)) {
      await sleep(50);
      continue;
    }
    try {
      if (!existsSync(file)) await buildInto(folder);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return file;
}

/** Whether this process got the lock. */
function locked(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** The folder is there when all of it is. */
async function buildInto(folder: string): Promise<void> {
  const outDir = `${folder}.tmp`;
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    plugins: [ownPlace],
    build: { ssr: 'trainer/main.ts', outDir, target: 'node20', minify: false, emptyOutDir: true },
  });
  renameSync(outDir, folder);
}
