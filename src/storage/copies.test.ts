import { describe, expect, it } from 'vitest';
import { keyIn, type Locks, WorkingCopy } from './copies.ts';
import { memoryTextStore, type TextStore } from './local.ts';

/** The browser's locks, with a way to close the tab that holds one. */
class FakeLocks {
  readonly #held = new Map<string, () => void>();
  readonly #queues = new Map<string, (() => void)[]>();
  readonly #tabs = new Map<object, string[]>();

  /** Locks as one tab sees them. */
  of(tab: object): Locks {
    return {
      request: (name, { ifAvailable, signal }, hold) =>
        new Promise((resolve, reject) => {
          const take = async (): Promise<void> => {
            this.#held.set(name, () => {});
            this.#tabs.set(tab, [...(this.#tabs.get(tab) ?? []), name]);
            const result = await hold({ name });
            this.#release(name);
            resolve(result);
          };
          if (!this.#held.has(name)) void take();
          else if (ifAvailable) resolve(hold(null));
          else {
            this.#queues.set(name, [...(this.#queues.get(name) ?? []), () => void take()]);
            signal?.addEventListener('abort', () => reject(signal.reason));
          }
        }),
    };
  }

  close(tab: object): void {
    for (const name of this.#tabs.get(tab) ?? []) this.#release(name);
  }

  #release(name: string): void {
    this.#held.delete(name);
    this.#queues.get(name)?.shift()?.();
  }
}

class Tab {
  readonly session: TextStore;
  copy: WorkingCopy;
  readonly #browser: Browser;

  constructor(browser: Browser, session = memoryTextStore()) {
    this.#browser = browser;
    this.session = session;
    this.copy = this.#open();
  }

  #open(): WorkingCopy {
    const { local, locks, names } = this.#browser;
    return new WorkingCopy({
      local,
      session: this.session,
      locks: locks?.of(this),
      newName: () => `copy${names.count++}`,
      patienceMs: 40,
    });
  }

  close(): void {
    this.#browser.locks?.close(this);
  }

  /** The new document asks before the old one has gone, as it may happen. */
  async reload(): Promise<string> {
    this.copy = this.#open();
    const claiming = this.copy.claim();
    setTimeout(() => this.close(), 5);
    return claiming;
  }
}

class Browser {
  readonly local = memoryTextStore();
  readonly names = { count: 1 };
  readonly locks: FakeLocks | undefined;
  constructor(locks: FakeLocks | undefined = new FakeLocks()) {
    this.locks = locks;
  }
  async open(session?: TextStore): Promise<Tab> {
    const tab = new Tab(this, session);
    await tab.copy.claim();
    tab.copy.saved();
    return tab;
  }
}

describe('working copies', () => {
  it('the first tab has the plain names that former versions used', async () => {
    const { copy } = await new Browser().open();
    expect(copy).toMatchObject({ from: '', name: '', shared: false });
    expect(keyIn('', 'page')).toBe('page');
    expect(keyIn('x', 'page')).toBe('page@x');
  });

  it('a second tab begins with the first one’s copy and saves under a name of its own', async () => {
    const browser = new Browser();
    await browser.open();
    const { copy } = await browser.open();
    expect(copy).toMatchObject({ from: '', name: 'copy1', shared: true });
  });

  it('a reload stays with its copy, whichever tab saved last', async () => {
    const browser = new Browser();
    const first = await browser.open();
    const second = await browser.open();
    first.copy.saved();
    expect(await second.reload()).toBe('copy1');
    expect(second.copy).toMatchObject({ from: 'copy1', shared: false });
    second.copy.saved();
    expect(await first.reload()).toBe('');
  });

  it('a new tab goes on with what was saved last, once its tab is closed', async () => {
    const browser = new Browser();
    const first = await browser.open();
    const second = await browser.open();
    second.copy.saved();
    first.close();
    second.close();
    expect((await browser.open()).copy).toMatchObject({ from: 'copy1', name: 'copy1', shared: false });
    // The other copy is still there, and is not written over.
    expect((await browser.open()).copy.name).toBe('copy2');
  });

  it('a duplicated tab, which has the session of the first, takes another name', async () => {
    const browser = new Browser();
    const first = await browser.open();
    const session = memoryTextStore();
    session.setItem('rankscope.copy', first.copy.name as string);
    expect((await browser.open(session)).copy).toMatchObject({ from: '', name: 'copy1', shared: true });
  });

  it('without locks every new tab takes a new name, and a reload keeps it', async () => {
    const browser = new Browser();
    Object.assign(browser, { locks: undefined });
    expect((await browser.open()).copy.name).toBe('');
    const second = await browser.open();
    expect(second.copy).toMatchObject({ from: '', name: 'copy1' });
    expect(await second.reload()).toBe('copy1');
  });

  it('the oldest copies go, those of living tabs stay', async () => {
    const browser = new Browser();
    const tabs: Tab[] = [];
    for (let i = 0; i < 10; i++) tabs.push(await browser.open());
    for (const tab of tabs.slice(1, 4)) tab.close();
    const removed: string[] = [];
    await tabs.at(-1)?.copy.tidy((name) => removed.push(name));
    expect(removed.sort()).toEqual(['copy1', 'copy2', 'copy3']);
    // Nothing is removed twice.
    await tabs.at(-1)?.copy.tidy((name) => removed.push(name));
    expect(removed).toHaveLength(3);
  });
});
