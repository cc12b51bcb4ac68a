/**
 * The headers of the served page, in one place: `server.ts` sends them, `vite.config.ts` writes the
 * policy into the built page too, for hosts that send no headers.
 */

/** Cross-origin isolation: without it there is no SharedArrayBuffer, hence no WASM threads. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** The page talks to its own origin only. `blob:`: onnxruntime-web starts its threads from one. */
export const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' blob: data:",
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
export const HEADERS = {
  ...PLAIN_HEADERS,
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'`,
} as const;
