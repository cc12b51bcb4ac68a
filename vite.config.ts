import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Cross-origin isolation: without these two headers there is no SharedArrayBuffer, hence no WASM
 * threads. `scripts/start.ts` sends the same pair.
 */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * The page talks to its own origin only. The policy is written into the built page, not into the
 * dev one: Vite's hot reload injects an inline script there.
 */
const policy = [
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

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

export default defineConfig({
  // Relative addresses: the built page works at the root of a host and under any sub path.
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  worker: { format: 'es' },
  // Its loader finds the .wasm beside itself by import.meta.url; pre-bundling moves it away from there.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: {
    // Module workers, top-level await and light-dark() without rewriting.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // One file per lazily loaded part is enough; inlined assets would need data: in more places.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
});
