import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { connectHosts, headers, PLAIN_HEADERS, policy } from './scripts/headers.ts';
import { pageService } from './scripts/page-service-plugin.ts';

/** On a busy machine every build would end in advice to profile it. */
const QUIET = { pluginTimings: false };

/**
 * The policy stands in the built page too, for hosts that send no headers. Not in the page of `vite dev`: Vite's
 * hot reload injects an inline script there.
 */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy() },
        injectTo: 'head-prepend',
      },
    ],
  };
}

export default defineConfig(({ command }) => ({
  // Relative addresses: the built page works at the root of a host and under any sub path.
  base: './',
  plugins: [react(), contentSecurityPolicy(), pageService()],
  worker: { format: 'es', rolldownOptions: { checks: QUIET } },
  // Its loader finds the .wasm beside itself by import.meta.url; pre-bundling moves it away from there.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { headers: PLAIN_HEADERS },
  preview: { headers: headers() },
  build: {
    // Module workers, top-level await and light-dark() without rewriting.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // One file per lazily loaded part is enough; inlined assets would need data: in more places.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: QUIET },
  },
  // For saying in words why an address is refused; `vite dev` refuses none.
  define:
    command === 'build' ? { 'import.meta.env.CONNECT_HOSTS': JSON.stringify(connectHosts()) } : undefined,
}));
