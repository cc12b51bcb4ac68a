/**
 * The headers of the served page, in one place: `server.ts` sends them, `vite.config.ts` writes the
 * policy into the built page too, for hosts that send no headers.
 */
import { MODEL_HOSTS, parseHosts } from '../src/sources/model-hosts.ts';

/** Cross-origin isolation: without it there is no SharedArrayBuffer, hence no WASM threads. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Hosts that whoever builds or serves the page adds to the usual ones; `--connect-src` sets it. */
export const EXTRA_HOSTS = 'RANKSCOPE_CONNECT_SRC';

/** Hosts beside its own that the page may speak to. @throws Error for what is no origin. */
export function connectHosts(extra = process.env[EXTRA_HOSTS] ?? ''): string[] {
  return [...new Set([...MODEL_HOSTS, ...parseHosts(extra)])];
}

/**
 * The page talks to its own origin, to model hosts when somebody asks for a model, and to no other.
 * `blob:`: onnxruntime-web starts its threads from one.
 */
export const policy = (hosts: readonly string[] = connectHosts()): string =>
  [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src 'self' blob: data: ${hosts.join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** For every response, those of `vite dev` too. */
export const PLAIN_HEADERS = {
  ...ISOLATION,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

/**
 * Sent with every file, not only with the page: a worker is held to the policy of its own script's
 * response. `frame-ancestors` has no effect in a page, only in a header.
 */
export const headers = () => ({
  ...PLAIN_HEADERS,
  'Content-Security-Policy': `${policy()}; frame-ancestors 'none'`,
});
