/** A checkpoint folder over HTTP. */

import type { CheckpointSource } from '../src/checkpoint/open-checkpoint.ts';
import { RankscopeError } from '../src/errors.ts';
import { refusedHost } from '../src/sources/model-hosts.ts';

/** @param url of the folder, ending in `/`. */
export function httpSource(url: string, signal?: AbortSignal): CheckpointSource {
  const name = url.endsWith('/') ? url : `${url}/`;
  return {
    name,
    async read(path, onProgress) {
      const response = await request(name + path, signal);
      // Hosts of single-page apps answer every path with their index page.
      if (response.headers.get('content-type')?.includes('text/html')) {
        throw new RankscopeError(
          'missing',
          `${name}${path} was not found: the server answered with a web page.`,
        );
      }
      return readAll(response, name + path, onProgress);
    },
  };
}

async function request(url: string, signal?: AbortSignal): Promise<Response> {
  const hosts = import.meta.env.CONNECT_HOSTS as readonly string[] | undefined;
  const refused = hosts && refusedHost(url, hosts, self.location.origin);
  if (refused !== undefined) throw new RankscopeError('network', refused, { host: new URL(url).origin });
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal?.aborted) throw new RankscopeError('cancelled', 'Cancelled.');
    const reason = error instanceof Error ? error.message : String(error);
    throw new RankscopeError(
      'network',
      `${url} could not be fetched (${reason}). Check the connection and try again.`,
    );
  }
  if (response.ok) return response;
  const what = response.status === 404 ? 'was not found' : 'could not be fetched';
  throw new RankscopeError(
    response.status === 404 ? 'missing' : 'network',
    `${url} ${what} (HTTP ${response.status}).`,
    { status: response.status },
  );
}

async function readAll(
  response: Response,
  url: string,
  onProgress?: (loaded: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // The length of a compressed response is that of the compressed bytes: only a hint for the bar.
  const total = Number(response.headers.get('content-length') ?? 0);
  if (!response.body || !onProgress) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      loaded += chunk.length;
      onProgress(loaded, Math.max(total, loaded));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RankscopeError(
      'network',
      `The download of ${url} broke off after ${loaded} bytes (${reason}). Try again.`,
    );
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
