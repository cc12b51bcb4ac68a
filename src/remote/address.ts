/** The address of a service as people type it, and where its requests go. */
import { RankscopeError } from '../errors.ts';

export type Protocol = 'chat' | 'rerank';

export interface RemoteAddress {
  /** For people: name and port, nothing else. */
  readonly host: string;
  /** Scheme, host and path without what names a protocol: tells services apart, and holds no secret. */
  readonly base: string;
  /** Where requests of a protocol go; undefined where the address was typed for the other one. */
  readonly chat?: string;
  readonly rerank?: string;
}

const PATHS: Readonly<Record<Protocol, string>> = { chat: '/chat/completions', rerank: '/rerank' };

/**
 * An address without a path gets `/v1`; one that ends in a protocol's own path is for that protocol alone.
 * @example `http://localhost:11434`, or without `http://`, → `http://localhost:11434/v1/chat/completions` and `…/v1/rerank`
 * @throws RankscopeError 'bad-input' for what is no web address, or has a password or key in it; it repeats neither
 */
export function readAddress(typed: string): RemoteAddress {
  const url = parse(typed.trim());
  if (url.username !== '' || url.password !== '') {
    throw bad('The address has a name or password in it. Leave them out, and give the key by itself.');
  }
  if (url.search !== '' || url.hash !== '') {
    throw bad(
      'The address has “?” or “#” in it. Leave what follows out: it could hold a key, and addresses are shown.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  const only = (Object.keys(PATHS) as Protocol[]).find((one) => path.endsWith(PATHS[one]));
  const stem = only === undefined ? path || '/v1' : path.slice(0, -PATHS[only].length);
  const base = url.origin + stem;
  return {
    host: url.host,
    base,
    chat: only === 'rerank' ? undefined : base + PATHS.chat,
    rerank: only === 'chat' ? undefined : base + PATHS.rerank,
  };
}

/** This machine, as servers print it: without a scheme it is http, for no certificate names it. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i;

function parse(typed: string): URL {
  if (typed === '') throw bad('The address is empty. Type one such as http://localhost:11434/v1.');
  let url: URL;
  try {
    url = new URL(LOOPBACK.test(typed) ? `http://${typed}` : typed);
  } catch {
    throw bad('That is not a web address. Type one such as https://api.example.com/v1.');
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw bad('The address must begin with https:// or http://.');
}

const bad = (message: string) => new RankscopeError('bad-input', message);
