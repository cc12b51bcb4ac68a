/**
 * Builds the page when it is not built or older than its sources, and packs it for networks.
 * `npm run build -- --connect-src ORIGIN` (repeatable) lets the page speak to further model hosts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { connectHosts, EXTRA_HOSTS } from './headers.ts';

const ROOT = new URL('..', import.meta.url).pathname;
export const DIST = join(ROOT, 'dist');

const SOURCES = [
  'src',
  'workers',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
  'scripts/build.ts',
  'scripts/headers.ts',
  'scripts/page-service-plugin.ts',
];

/** Quality 9 is within a few percent of 11 and ten times as fast. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const COMPRESSIBLE = /\.(html|js|mjs|css|json|svg|wasm|onnx|md)$/;
/** Below this a second file costs more than it saves. */
const SMALLEST = 1024;

/** Newest change of a file or of anything in a folder, as a time stamp. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

/** What a build depends on beside its sources: the hosts that its policy allows. */
const markerText = (): string => connectHosts().join('\n');

/** For the policy of this process's builds and answers. @throws Error for what is no origin. */
export function allowHosts(origins: readonly string[]): void {
  process.env[EXTRA_HOSTS] = [process.env[EXTRA_HOSTS] ?? '', ...origins].join(' ');
  connectHosts();
}

export function isBuilt(): boolean {
  const marker = join(DIST, '.built');
  if (!existsSync(marker)) return false;
  if (readFileSync(marker, 'utf8') !== markerText()) return false;
  const built = statSync(marker).mtimeMs;
  return SOURCES.every((path) => newest(join(ROOT, path)) <= built);
}

/** Runs vite. @throws when it fails. */
export function build(): void {
  const started = Date.now();
  const vite = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  );
  if (vite.status !== 0) throw new Error('vite build failed; its messages are above.');
  writeFileSync(join(DIST, '.built'), markerText());
  // A source that was changed during the build is newer than it.
  utimesSync(join(DIST, '.built'), started / 1000, started / 1000);
}

/**
 * Writes a .br file beside everything that shrinks, once a build. On the machine itself a browser takes longer to unpack
 * than to read: there it would only be in the way.
 */
export function pack(): void {
  const marker = join(DIST, '.packed');
  if (existsSync(marker)) return;
  packFolder(DIST);
  writeFileSync(marker, '');
}

function packFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) packFolder(path);
    else if (COMPRESSIBLE.test(name) && statSync(path).size >= SMALLEST) {
      const raw = readFileSync(path);
      const packed = brotliCompressSync(raw, BROTLI);
      if (packed.length < raw.length * 0.95) writeFileSync(`${path}.br`, packed);
    }
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { 'connect-src': { type: 'string', multiple: true } } });
  allowHosts(values['connect-src'] ?? []);
  build();
}
