/**
 * Serves the built page: static files, precompressed, with the headers of `headers.ts`. Also used by
 * the end-to-end tests and the bench. No request may end it, and nothing outside the folder leaves it.
 */
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { contentType } from 'mime-types';
import send from 'send';
import { forUrl, isOwnHost } from '../trainer/node/hosts.ts';
import { headers } from './headers.ts';

export interface Served {
  readonly url: string;
  readonly server: Server;
}

/** A connection on which nothing moves for so long is closed: its file would stay open. */
const IDLE_MS = 120_000;
/** Browsers do not pipeline; a client that sends this many requests ahead of the answers is cut off. */
const MOST_PIPELINED = 1_000;

/**
 * @param port 0 takes any free one.
 * @throws the system's error, e.g. EADDRINUSE.
 */
export async function serve(folder: string, port: number, host = 'localhost'): Promise<Served> {
  const queue = new Pipelines();
  const sent = headers();
  const server = createServer((request, response) => {
    queue.add(request.socket, () => answer(folder, host, sent, request, response));
  });
  server.timeout = IDLE_MS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // E.g. no descriptor is left to accept a connection with: the next one may find one.
  server.on('error', (error) =>
    process.stderr.write(`The server continues after an error: ${error.message}\n`),
  );
  const { port: actual } = server.address() as AddressInfo;
  return { url: `http://${forUrl(host)}:${actual}/`, server };
}

/**
 * Answers the requests of a connection one after the other. Node hands pipelined requests over all at
 * once; each would open its file long before its turn to be sent comes.
 */
class Pipelines {
  readonly #connections = new WeakMap<Socket, { tail: Promise<void>; waiting: number }>();

  add(socket: Socket, work: () => Promise<void>): void {
    const connection = this.#connections.get(socket) ?? { tail: Promise.resolve(), waiting: 0 };
    this.#connections.set(socket, connection);
    if (++connection.waiting > MOST_PIPELINED) {
      socket.destroy();
      return;
    }
    connection.tail = connection.tail.then(async () => {
      if (!socket.destroyed) await work();
      connection.waiting--;
    });
  }
}

/** Settles, never rejects, when the answer has been sent or its connection has gone. */
async function answer(
  folder: string,
  host: string,
  sent: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const over = ended(request.socket, response);
  try {
    for (const [name, value] of Object.entries(sent)) response.setHeader(name, value);
    const refused = refusal(request, host);
    if (refused) say(response, ...refused);
    else await sendFile(folder, request, response);
  } catch (error) {
    fail(response, error);
  }
  await over;
}

function ended(socket: Socket, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      socket.off('close', end);
      response.off('close', end);
      resolve();
    };
    socket.on('close', end);
    response.on('close', end);
    response.on('error', end);
  });
}

/** Why a request is not looked at, if so. */
function refusal(
  { method, headers, url }: IncomingMessage,
  host: string,
): readonly [status: number, why: string] | undefined {
  if (!isOwnHost(headers.host, host)) {
    return [
      421,
      'This server answers only to localhost, to addresses of this machine and to the name given with --host. ' +
        'Open the address that it printed when it started.',
    ];
  }
  if (method !== 'GET' && method !== 'HEAD') return [405, 'Only GET and HEAD are answered.'];
  if (!url?.startsWith('/')) return [400, 'The address of the request must be a path.'];
  return undefined;
}

async function sendFile(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request.url as string);
  const root = await realpath(folder);
  const file = path === undefined ? undefined : await fileAt(root, path);
  if (!file) {
    say(response, 404, 'Not found.');
    return;
  }
  const { served, encoding } = await encoded(root, file, request.headers['accept-encoding']);
  // Built files carry a hash of their content in their name; everything else is asked for again.
  const hashed = file.startsWith('assets/');
  const headers: Record<string, string> = {
    'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': contentType(extname(file)) || 'application/octet-stream',
    Vary: 'Accept-Encoding',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (encoding) response.setHeader('Content-Encoding', encoding);
  const address = served.split('/').map(encodeURIComponent).join('/');
  // It knows ranges and conditional requests; what may be sent has been decided above.
  const sending = send(request, address, { root, index: false, cacheControl: false, dotfiles: 'deny' });
  sending.on('stream', (stream: Readable) => closeWith(request.socket, response, stream));
  sending.on('error', (error: unknown) => fail(response, error));
  sending.pipe(response);
}

/** Closes a file as soon as nobody waits for it. */
function closeWith(socket: Socket, response: ServerResponse, stream: Readable): void {
  const close = (): void => void stream.destroy();
  socket.once('close', close);
  response.once('close', close);
  stream.once('close', () => socket.off('close', close));
}

/** The path of a request, decoded, without its slash at the front; undefined when it cannot be one of a file here. */
function pathOf(url: string): string | undefined {
  const coded = url.slice(1).replace(/[?#].*$/s, '');
  let path: string;
  try {
    path = decodeURIComponent(coded);
  } catch {
    return undefined;
  }
  if (path === '') return 'index.html';
  // No upward steps, no hidden files, no empty names; a backslash or a colon means something to some systems.
  const bad = (name: string): boolean => name === '' || name.startsWith('.') || /[\\:\0]/.test(name);
  return path.split('/').some(bad) ? undefined : path;
}

/** The path again if it is a plain file in the folder, also once symbolic links are followed. */
async function fileAt(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(join(root, path));
    const inside = relative(root, real);
    const hidden = inside.split(sep).some((name) => name.startsWith('.'));
    return !hidden && (await stat(real)).isFile() ? path : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** The file, or the compressed one beside it where the browser takes that. */
async function encoded(
  root: string,
  file: string,
  accepted: string | string[] | undefined,
): Promise<{ served: string; encoding?: string }> {
  const brotli = /(?:^|,)\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(
    String(accepted ?? ''),
  );
  if (!brotli || !(await fileAt(root, `${file}.br`))) return { served: file };
  return { served: `${file}.br`, encoding: 'br' };
}

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  412: 'The file has changed.',
  416: 'The file has no such range.',
};

function fail(response: ServerResponse, error: unknown): void {
  const { status = 500, headers = {} } = error as { status?: number; headers?: Record<string, string> };
  // Half a file cannot be taken back: the connection ends, and the browser sees that it is half.
  if (response.headersSent) response.destroy();
  else if (['EMFILE', 'ENFILE'].includes(codeOf(error))) {
    response.setHeader('Retry-After', '1');
    say(response, 503, 'Too many files are open. Try again in a moment.');
  } else if (REFUSALS[status]) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    say(response, status, REFUSALS[status]);
  } else if (status < 500) say(response, 404, 'Not found.');
  else say(response, 500, 'The file could not be read.');
}

function say(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.removeHeader('Content-Encoding');
  response.end(`${text}\n`);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');
