/**
 * Tests of one file that share a page, in their order: loading it, with its models, takes longer than most of them do. For
 * tests that bring their own inputs; what needs a fresh page, other settings or answers that nobody has asked for yet takes
 * `test` as ever, in the same file too.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { App } from './app.ts';
import { test as base, expect } from './test.ts';

/** The first settings of the controls that such tests may change. */
const CANDIDATES = 10;
const PAIRS = 'All pairs';

/** Opens once; from then on `preset` and `open` bring the page that is there back to its beginning. */
class KeptApp extends App {
  #opened = false;
  #candidates = CANDIDATES;

  override async preset({ k, ...others }: Readonly<Record<string, unknown>>): Promise<void> {
    this.#candidates = Number(k);
    if (!this.#opened) return super.preset({ k, ...others });
    expect(others, 'a page that is open takes another number of candidates, and no more').toEqual({});
  }

  override async open(): Promise<void> {
    if (!this.#opened) {
      this.#opened = true;
      return super.open();
    }
    const dialog = this.page.locator('dialog[open], .popover');
    for (let i = 0; i < 3 && (await dialog.count()) > 0; i++) await this.page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await this.page.goto('./#/');
    await expect(this.button('Cancel')).toBeDisabled();
    for (const close of await this.page.getByRole('log').getByRole('button', { name: 'Dismiss' }).all()) {
      await close.click({ timeout: 1000 }).catch(() => {});
    }
    await this.spin('Candidates').fill(String(this.#candidates));
    await this.combo('Pairs to compare').selectOption({ label: PAIRS });
  }

  /** What one test provokes, the next does not. */
  begin(): void {
    this.faults.length = 0;
    this.forget();
    this.#candidates = CANDIDATES;
  }
}

/** The context that is open in this worker, and the file whose it is. */
let kept: { readonly file: string; readonly context: BrowserContext } | undefined;
const apps = new WeakMap<Page, KeptApp>();

export const onePage = base.extend<{ app: App }>({
  context: async ({ browser }, use, { file }) => {
    if (kept?.file !== file) {
      await kept?.context.close();
      const context = await browser.newContext();
      const page = await context.newPage();
      kept = { file, context };
      apps.set(page, new KeptApp(page));
    }
    await use(kept.context);
  },
  page: async ({ context }, use) => use(context.pages()[0]!),
  app: async ({ page }, use) => {
    const app = apps.get(page)!;
    app.begin();
    await use(app);
    expect(app.faults, 'uncaught errors and error messages in the console').toEqual([]);
  },
});
