import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, findBrowser } from './scripts/browser.ts';

/** Another port lets two checkouts on one machine be tested at the same time. */
const PORT = Number(process.env.RANKSCOPE_PORT ?? 4189);
/** A page that is already being served is tested as it is; otherwise the build is made and served here. */
const SERVED = process.env.RANKSCOPE_URL;

/** WebGPU on a software adapter: enough to check numbers, far too slow for anything else. */
const WEBGPU = ['--enable-unsafe-webgpu'];

/**
 * A test's page lives for seconds: most of what V8 optimises at its own pace is done when there is no use for it any more. Four
 * times its budget takes a twelfth off what the tests ask of the processor; long runs are still optimised.
 */
const SHORT_LIVED = ['--js-flags=--wasm-tiering-budget=50000000'];

/** They look at what a page does in the middle of a run, or fill the machine: each has it to itself. */
const ALONE = /(cancel|distillation|faults|figures|job|large|two-tabs)\.spec/;

const browser = (flags: readonly string[]) => ({
  baseURL: SERVED ?? `http://localhost:${PORT}/`,
  launchOptions: { executablePath: findBrowser(), args: [...BROWSER_FLAGS, ...SHORT_LIVED, ...flags] },
});

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Half of a test's time is waiting, so two go side by side; those of ALONE do not.
  workers: 2,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  // The service worker keeps 8 MB in each test's own profile; hosting.spec.ts tests it.
  // A trace of every test costs more time than the tests; ask for one with --trace on.
  use: { viewport: { width: 1440, height: 900 }, screenshot: 'only-on-failure', serviceWorkers: 'block' },
  projects: [
    { name: 'wasm', testIgnore: [/webgpu/, ALONE], use: browser([]) },
    { name: 'alone', testMatch: ALONE, workers: 1, use: browser([]) },
    { name: 'webgpu', testMatch: /webgpu/, workers: 1, timeout: 360_000, use: browser(WEBGPU) },
  ],
  webServer: SERVED
    ? undefined
    : {
        command: `npm start -- --port ${PORT}`,
        url: `http://localhost:${PORT}/`,
        timeout: 180_000,
        reuseExistingServer: false,
      },
});
