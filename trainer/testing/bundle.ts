/** The trainer in one file, for tests that start it many times: tsx looks up and translates hundreds at each start. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** @returns the path of a file that Node runs as it would `trainer/main.ts`; it is removed when this process ends */
export async function bundleTrainer(): Promise<string> {
  // Inside the repository, where the packages that stay outside are found.
  const outDir = join(ROOT, 'node_modules/.cache', `trainer-${process.pid}`);
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    plugins: [ownPlace],
    build: { ssr: 'trainer/main.ts', outDir, target: 'node20', minify: false },
  });
  return join(outDir, 'main.js');
}
