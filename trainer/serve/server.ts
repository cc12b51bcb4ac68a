/**
 * Hands checkpoints out to the playground: files by path, in ranges, to pages of known origins and to nobody else's.
 * It reads no other file, lists no folder, and takes nothing in.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import send from 'send';
import { isOwnHost } from '../node/hosts.ts';
import { servedFile } from './checkpoints.ts';
import { type Address, end, listenOn, type Serving } from './listen.ts';

export interface ServeOptions extends Address {
  readonly folder: string;
  /** Of pages that may read, e.g. `http://localhost:4173`. */
  readonly origins: readonly string[];
}

export interface ServeListener {
  /** A file was sent, whole or in part. */
  sent?(path: string, bytes: number): void;
  /** A page of an origin that may not read has asked. */
  refused?(origin: string): void;
}

/** What pages may send and see: ranges, and whether a file is still the same between them. */
const ASKED = 'Range, If-Range, If-None-Match';
const SHOWN = 'Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified';

/** @throws the system's error, e.g. EADDRINUSE */
export function serveCheckpoints(options: ServeOptions, listener: ServeListener = {}): Promise<Serving> {
  return listenOn(
    options,
    (request, response) => answer(options, listener, request, response),
    'The file could not be read.',
  );
}

async function answer(
  { folder, host, origins }: ServeOptions,
  listener: ServeListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers, url = '' } = request;
  // A page can have its own name resolve to this machine; its requests carry that name, and no origin.
  if (!isOwnHost(headers.host, host))
    return end(response, 421, 'This server answers to its own address only.');
  const { origin } = headers;
  response.setHeader('Vary', 'Origin');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (origin !== undefined) {
    if (!origins.includes(origin)) {
      listener.refused?.(origin);
      return end(response, 403, `Pages of ${origin} may not read here. Start it with --origin ${origin}.`);
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', SHOWN);
  }
  if (method === 'OPTIONS') return preflight(request, response);
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD, OPTIONS');
    return end(response, 405, 'Only GET and HEAD are answered.');
  }
  const path = pathOf(url);
  const file = path === undefined ? undefined : await servedFile(folder, path);
  if (path === undefined || file === undefined) {
    return end(
      response,
      404,
      'No checkpoint here has such a file. The addresses to paste were printed at the start.',
    );
  }
  await sendFile(file, path, listener, request, response);
}

/** Asked before a request that is out of the ordinary; Chromium asks too before a page from elsewhere reads from this machine. */
function preflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
  response.setHeader('Access-Control-Allow-Headers', ASKED);
  if (headers['access-control-request-private-network'] === 'true') {
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
  }
  response.writeHead(204).end();
}

/** Decoded, without its slash at the front and what follows a question mark; undefined when it cannot be decoded. */
function pathOf(url: string): string | undefined {
  try {
    return url.startsWith('/') ? decodeURIComponent(url.slice(1).replace(/[?#].*$/s, '')) : undefined;
  } catch {
    return undefined;
  }
}

function sendFile(
  file: string,
  path: string,
  listener: ServeListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const before = request.socket.bytesWritten;
    response.once('close', () => {
      listener.sent?.(path, request.socket.bytesWritten - before);
      resolve();
    });
    // It knows ranges and conditional requests; which file it is has been decided.
    const sending = send(request, encodeURIComponent(basename(file)), {
      root: dirname(file),
      index: false,
      // What is made again under the same address must not be mixed with what was.
      maxAge: 0,
      dotfiles: 'deny',
    });
    sending.on(
      'error',
      ({ status = 500, headers = {} }: { status?: number; headers?: Record<string, string> }) => {
        if (response.headersSent) return void response.destroy();
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        end(response, status, status === 416 ? 'The file has no such range.' : 'The file cannot be sent.');
      },
    );
    sending.pipe(response);
  });
}
