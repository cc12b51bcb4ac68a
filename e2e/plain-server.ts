/** A static host as plain as they come: files below a folder of its address, no header but the type unless told, no ranges. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { contentType } from 'mime-types';

export interface PlainHost {
  /** Of the page, ending in its folder. */
  readonly url: string;
  /** Paths below the folder that were asked for, in order. */
  readonly asked: string[];
  /** Answers in place of the files; the key is a path below the folder. */
  readonly instead: Map<string, string>;
  /** Paths whose answer waits. */
  readonly held: Map<string, Promise<void>>;
  /** Ends it, connections that are open included. */
  close(): Promise<void>;
}

/**
 * @param base the folder's address on the host, `/some/base/`
 * @param headers sent with every file
 */
export async function plainHost(
  folder: string,
  base: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<PlainHost> {
  const asked: string[] = [];
  const instead = new Map<string, string>();
  const held = new Map<string, Promise<void>>();
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const path = decodeURIComponent(pathname.slice(base.length)) || 'index.html';
    try {
      if (!pathname.startsWith(base) || path.includes('..')) throw new Error('outside');
      asked.push(path);
      await held.get(path);
      const body = instead.get(path) ?? (await readFile(join(folder, path)));
      response.writeHead(200, {
        ...headers,
        'Content-Type': contentType(extname(path)) || 'application/octet-stream',
      });
      response.end(body);
    } catch {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Not here</title>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${port}${base}`, asked, instead, held, close };
}
