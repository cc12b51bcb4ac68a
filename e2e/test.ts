/** Every test gets the Playground, and fails when the page threw or logged an error it did not announce. */
import { test as base, expect } from '@playwright/test';
import { App } from './app.ts';

export const test = base.extend<{ app: App }>({
  app: async ({ page }, use) => {
    const app = new App(page);
    await use(app);
    expect(app.faults, 'uncaught errors and error messages in the console').toEqual([]);
  },
});

export { expect };
