/** Vite plugin: builds `workers/page-service.ts` as `service-worker.js` beside the page and tells it which files there are. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { PageServiceBuild } from '../workers/page-service-protocol.ts';
import { ISOLATION, policy } from './headers.ts';

const NAME = 'service-worker';
const FILE = `${NAME}.js`;
/** Files above this are kept once they have been used, and those above the second figure never: models of one's own. */
const SHELL_BYTES = 4 << 20;
const LATER_BYTES = 64 << 20;
/** Not read by the page, or only on WebGPU: not worth everybody's first visit. */
const UNREAD = /(^|\/)\.|\.(br|md|safetensors|map)$/;
const ON_WEBGPU = /_q8\.onnx$|\.(asyncify|jspi)-/;

export function pageService(): Plugin {
  let folder = '';
  return {
    name: 'page-service',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', [NAME]: 'workers/page-service.ts' },
          output: {
            entryFileNames: ({ name }) => (name === NAME ? FILE : 'assets/[name]-[hash].js'),
          },
        },
      },
    }),
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    closeBundle() {
      const code = readFileSync(join(folder, FILE), 'utf8');
      if (/^\s*(import|export)\b/m.test(code)) throw new Error(`${FILE} must be one file without imports.`);
      writeFileSync(join(folder, FILE), `self.build=${JSON.stringify(listFiles(folder))};\n${code}`);
    },
  };
}

function listFiles(folder: string): PageServiceBuild {
  const shell: string[] = [];
  const later: string[] = [];
  const version = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  for (const path of paths) {
    if (UNREAD.test(path)) continue;
    const bytes = readFileSync(join(folder, path));
    version.update(`${path}\0${bytes.length}\0`).update(bytes);
    if (path === FILE || bytes.length > LATER_BYTES) continue;
    const list = bytes.length > SHELL_BYTES || ON_WEBGPU.test(path) ? later : shell;
    // Hosts differ in what they do with index.html; the folder is the page on all of them.
    list.push(path === 'index.html' ? '' : encodeURI(path));
  }
  const headers = { ...ISOLATION, 'Content-Security-Policy': policy() };
  return { version: version.digest('hex').slice(0, 16), shell, later, headers };
}
