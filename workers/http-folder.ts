/** A checkpoint folder over HTTP, each file in one request. */
import { bad } from '../src/bytes/byte-errors.ts';
import type { ByteSource, FolderReader } from '../src/bytes/byte-source.ts';
import { memorySource } from '../src/bytes/memory.ts';
import { checkRange } from '../src/bytes/range.ts';
import { joinPieces, readTextFile } from '../src/bytes/read.ts';
import { parseRankerCard } from '../src/checkpoint/card-read.ts';
import { messageOf, RankscopeError } from '../src/errors.ts';
import { refusedHost } from '../src/sources/model-hosts.ts';

/** @param url of the folder. */
export function httpFolder(url: string): FolderReader {
  const name = url.endsWith('/') ? url : `${url}/`;
  const folder: FolderReader = {
    name,
    /** The files that the folder's card names: HTTP has no listing. */
    async list(signal) {
      const card = parseRankerCard(await readTextFile(folder, 'ranker.json', signal), `${name}ranker.json`);
      return Object.entries(card.files).map(([path, { bytes, sha256 }]) => ({ path, size: bytes, sha256 }));
    },
    async open(path, signal) {
      const response = await request(name + path, signal);
      // Hosts of single-page apps answer every path with their index page.
      if (response.headers.get('content-type')?.includes('text/html')) {
        await response.body?.cancel();
        throw new RankscopeError(
          'missing',
          `${name}${path} was not found: the server answered with a web page.`,
        );
      }
      // The length of a compressed response is that of the compressed bytes.
      const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
      if (length !== null) return bodySource(response, name + path, Number(length));
      const pieces: Uint8Array[] = [];
      for await (const piece of bodyOf(response, name + path)) pieces.push(piece);
      return memorySource(name + path, joinPieces(pieces));
    },
  };
  return folder;
}

/** The body of an answer, from its beginning to its end and once. */
function bodySource(response: Response, name: string, size: number): ByteSource {
  const source = { name, size };
  let taken = false;
  const pieces = async function* (start: number, end: number) {
    checkRange(source, start, end);
    if (taken || start !== 0 || end !== size) throw bad(name, 'it can be read once, and only as a whole');
    taken = true;
    yield* bodyOf(response, name, size);
  };
  return {
    ...source,
    pieces,
    async read(start, length) {
      const parts: Uint8Array[] = [];
      for await (const piece of pieces(start, start + length)) parts.push(piece);
      return joinPieces(parts);
    },
    async close() {
      if (!taken) await response.body?.cancel();
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
    const reason = messageOf(error);
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

/** @param size of the body where it is known; one that differs is refused */
async function* bodyOf(response: Response, url: string, size?: number): AsyncGenerator<Uint8Array> {
  let loaded = 0;
  try {
    for await (const piece of response.body ?? []) {
      loaded += piece.length;
      if (size !== undefined && loaded > size) break;
      yield piece;
    }
  } catch (error) {
    const reason = messageOf(error);
    throw new RankscopeError(
      'network',
      `The download of ${url} broke off after ${loaded} bytes (${reason}). Try again.`,
    );
  }
  if (size === undefined || loaded === size) return;
  throw new RankscopeError(
    'network',
    `The download of ${url} ended after ${loaded} bytes, the server announced ${size}. Try again.`,
  );
}
