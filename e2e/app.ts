/** The Playground as the tests use it: by the names and states of docs/SCREEN.md. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import type { DecisionsExport } from '../src/formats/decisions.ts';

export const METHODS = ['BM25', 'Student', 'Teacher'] as const;
export type Method = (typeof METHODS)[number];
export type State = 'idle' | 'running' | 'done' | 'cancelled' | 'error';

/** Figures of a column's head: "72 of 90 calls · 12 cached". */
export interface Calls {
  readonly answered: number;
  readonly planned: number;
  readonly cached: number;
  /** Calls really made in this run. */
  readonly asked: number;
}

/** A model on busy cores: loading, and hundreds of comparisons, take their time. */
const RUN = { timeout: 75_000 };

export class App {
  readonly page: Page;
  /** Uncaught errors and error messages in the console; the fixture holds this to be empty. */
  readonly faults: string[] = [];
  readonly #tolerated: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    // No first visit: the tour has a test of its own.
    void page.addInitScript(() => {
      try {
        localStorage.setItem('rankscope.tour', JSON.stringify({ version: 1, data: 'seen' }));
      } catch {
        // Blocked, or an empty page.
      }
    });
    page.on('pageerror', (error) => this.#fault(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#fault(message.text());
    });
  }

  /** Lets error messages pass that a test provokes. */
  tolerate(pattern: RegExp): void {
    this.#tolerated.push(pattern);
  }

  /** Lets them pass no more. */
  forget(): void {
    this.#tolerated.length = 0;
  }

  #fault(text: string): void {
    if (!this.#tolerated.some((pattern) => pattern.test(text))) this.faults.push(text);
  }

  /** Settings as a former visit would have left them; before `open`. */
  async preset(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const value = JSON.stringify({ version: 1, data: settings });
    await this.page.addInitScript((text) => {
      if (localStorage.getItem('rankscope.settings') === null)
        localStorage.setItem('rankscope.settings', text);
    }, value);
  }

  async open(): Promise<void> {
    await this.page.goto('./');
    await expect(this.button('Rank')).toBeVisible();
  }

  button = (name: string): Locator => this.page.getByRole('button', { name, exact: true });
  box = (name: string): Locator => this.page.getByRole('textbox', { name, exact: true });
  spin = (name: string): Locator => this.page.getByRole('spinbutton', { name, exact: true });
  combo = (name: string): Locator => this.page.getByRole('combobox', { name, exact: true });
  region = (name: Method): Locator => this.page.getByRole('region', { name, exact: true });
  items = (name: Method): Locator => this.region(name).getByRole('listitem');

  /**
   * Fills a box. The sample of the start may arrive between fill's selecting all and its typing, which then
   * adds to the sample's text: then once more, as people would.
   */
  async write(name: 'Corpus' | 'Query', text: string): Promise<void> {
    await expect(async () => {
      await this.box(name).fill(text);
      await expect(this.box(name)).toHaveValue(text, { timeout: 1000 });
    }).toPass({ timeout: 15_000 });
  }

  /** Corpus, query and number of candidates. */
  async give(corpus: string, query: string, candidates?: number): Promise<void> {
    await this.write('Corpus', corpus);
    await this.write('Query', query);
    if (candidates !== undefined) await this.spin('Candidates').fill(String(candidates));
  }

  /** Opens files as the button "Open file" does. */
  async openFile(name: string, content: string | Buffer, mimeType = 'text/plain'): Promise<void> {
    const buffer = typeof content === 'string' ? Buffer.from(content) : content;
    const input = this.page.getByRole('form', { name: 'Inputs' }).locator('input[type=file]');
    await input.setInputFiles({ name, mimeType, buffer });
  }

  async expectState(name: Method, state: State): Promise<void> {
    await expect(this.region(name), `${name} is ${state}`).toHaveAttribute('data-state', state, RUN);
  }

  async expectAll(state: State): Promise<void> {
    for (const name of METHODS) await this.expectState(name, state);
  }

  /** Both models loaded and warm. */
  async modelsReady(): Promise<void> {
    await expect(this.page.getByText('ready', { exact: true })).toHaveCount(2, RUN);
  }

  /** Begins a run; on a machine so slow that the page asks whether to, the answer is yes. */
  async start(button: 'Rank' | 'Race' = 'Rank'): Promise<void> {
    await this.button(button).click();
    const question = this.page.getByRole('dialog', { name: 'This will take a while' });
    // It asks at once where it has looked ahead, else as soon as BM25 has found the candidates.
    const begun = ['[data-phase="loading"]', '[data-phase="scoring"]']
      .concat(['done', 'error', 'cancelled'].map((state) => `[data-state="${state}"]`))
      .map((state) => `section[aria-label="Student"]${state}`);
    await question
      .or(this.page.locator(begun.join()))
      .first()
      .waitFor({ state: 'attached', timeout: 5000 })
      .catch(() => {});
    if ((await question.count()) > 0) await question.getByRole('button', { name: 'anyway' }).click();
  }

  /** A whole run: click, and all three columns done. */
  async rank(button: 'Rank' | 'Race' = 'Rank'): Promise<void> {
    await this.start(button);
    await this.expectAll('done');
  }

  /** Passage ids in the order of the DOM. */
  ids(name: Method): Promise<string[]> {
    return this.items(name).evaluateAll((items) => items.map((i) => i.getAttribute('data-passage-id') ?? ''));
  }

  async calls(name: 'Student' | 'Teacher'): Promise<Calls> {
    const text = await this.region(name).innerText();
    const found = /([\d,]+) of (?:≤ )?([\d,]+) calls?(?: · ([\d,]+) cached)?/.exec(text);
    if (!found) throw new Error(`No calls in the head of ${name}: ${text.slice(0, 200)}`);
    const [answered, planned, cached] = [found[1], found[2], found[3]].map((digits) =>
      Number((digits ?? '0').replaceAll(',', '')),
    ) as [number, number, number];
    return { answered, planned, cached, asked: answered - cached };
  }

  /**
   * Waits, frame by frame, until a running column has answered at least so many calls. A page that knows a model's speed
   * only now may ask only now whether to go on.
   */
  async answered(name: 'Student' | 'Teacher', atLeast: number): Promise<void> {
    const seen = await this.page.waitForFunction(
      ([label, wanted]) => {
        const asks = document.querySelector('dialog[open] h2')?.textContent === 'This will take a while';
        if (asks) return 'asks';
        const text = document.querySelector<HTMLElement>(`section[aria-label="${label}"]`)?.innerText ?? '';
        return Number(/([\d,]+) of (?:≤ )?[\d,]+ calls?/.exec(text)?.[1]?.replaceAll(',', '')) >= wanted;
      },
      [name, atLeast] as const,
      { polling: 'raf', ...RUN },
    );
    if ((await seen.jsonValue()) !== 'asks') return;
    await this.page.getByRole('dialog').getByRole('button', { name: 'anyway' }).click();
    await this.answered(name, atLeast);
  }

  /** Opens the drawer under the columns, which stays as it was left. */
  async openInspector(): Promise<void> {
    const drawer = this.button('Inspect decisions');
    if ((await drawer.getAttribute('aria-expanded')) === 'false') await drawer.click();
  }

  /** What an item of the menu "Export" saves. */
  async saved(item: 'TREC run' | 'Decisions (JSON)'): Promise<string> {
    await this.button('Export').click();
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
    return readFile(await (await downloading).path(), 'utf8');
  }

  async decisions(): Promise<DecisionsExport> {
    return JSON.parse(await this.saved('Decisions (JSON)')) as DecisionsExport;
  }
}
