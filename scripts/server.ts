/**
 * Serves the built page: static files, precompressed, with the two headers that give it
 * SharedArrayBuffer (WASM threads). Also used by the end-to-end tests and the bench.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

/** Cross-origin isolation; vite.config.ts sends the same pair in development. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export interface Served {
  readonly url: string;
  readonly server: Server;
}

/**
 * @param port 0 takes any free one.
 * @throws the system's error, e.g. EADDRINUSE.
 */
export async function serve(folder: string, port: number, host = 'localhost'): Promise<Served> {
  const files = sirv(folder, {
    brotli: true,
    etag: true,
    // Looks each file up when it is asked for: a new build while the page is served is found, not an error.
    dev: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
      // Built files carry a hash of their content in their name; everything else is asked for again.
      const hashed = path.startsWith('/assets/');
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const server = createServer((request, response) => {
    files(request, response, () => {
      response.statusCode = 404;
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end('Not found\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return { url: `http://${host}:${actual}/`, server };
}
