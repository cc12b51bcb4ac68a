/** A server on this machine: listening, plain answers, and an end that waits for what is in progress. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forUrl } from '../node/hosts.ts';

export interface Serving {
  /** Ends in `/`. */
  readonly url: string;
  /** Takes no more requests, lets those in progress end for at most `patienceMs`, and settles when all is closed. */
  stop(patienceMs?: number): Promise<void>;
}

export interface Address {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
}

const STOP_MS = 3_000;

/**
 * @param answer takes every request; where it throws, 500 is answered with `broken`
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function listenOn(
  { port, host }: Address,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  broken: string,
): Promise<Serving> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 500, broken));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // E.g. no descriptor is left to accept a connection with: the next one may find one.
  server.on('error', () => {});
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${forUrl(host)}:${actual}/`,
    stop: (patienceMs = STOP_MS) => stop(server, patienceMs),
  };
}

function stop(server: Server, patienceMs: number): Promise<void> {
  const impatient = setTimeout(() => server.closeAllConnections(), patienceMs);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A line of text; where an answer has begun already, the connection is broken off instead. */
export function end(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(`${text}\n`);
}
