/**
 * Which working copy (inputs, settings, last results) a tab reads and writes. Two tabs that wrote
 * the same one would overwrite each other's work, so each has one of its own, whose name a Web Lock
 * holds for as long as the tab lives. A new tab begins with the copy that was saved last: under its
 * name if no living tab has that, else under a name of its own. A reload stays with its copy.
 */

import { readLocal, type TextStore, writeLocal } from './local.ts';
import { randomName } from './random-name.ts';

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    hold: (lock: unknown) => unknown,
  ): Promise<unknown>;
}

export interface CopyParts {
  readonly local: TextStore;
  /** What a tab keeps over a reload, for itself: `sessionStorage`. */
  readonly session: TextStore;
  /** Absent outside secure contexts: then every new tab takes a new name. */
  readonly locks?: Locks | undefined;
  readonly newName?: () => string;
  /** How long a reload waits for the document it replaces to let go of its name. */
  readonly patienceMs?: number;
}

/** Of a first visit, and of all visits before there were several copies. */
const FIRST = '';
const VERSION = 1;
/** Copies that are kept, those of living tabs aside. */
const MOST = 6;
const SESSION_KEY = 'rankscope.copy';
const PATIENCE_MS = 2_000;

/** Under which key a copy keeps something. */
export const keyIn = (copy: string, key: string): string => (copy === FIRST ? key : `${key}@${copy}`);

export class WorkingCopy {
  /** The copy that the tab begins with. */
  readonly from: string;
  /** The copy that the tab saves; undefined until `claim` has settled. */
  name: string | undefined;
  /** True when the copy it began with is in the hands of another living tab. */
  shared = false;
  readonly #parts: CopyParts;
  readonly #reloaded: boolean;

  constructor(parts: CopyParts) {
    this.#parts = parts;
    const known = this.#known();
    const own = this.#ownName();
    this.#reloaded = own !== null && known.includes(own);
    this.from = this.#reloaded ? (own as string) : (known[0] ?? FIRST);
  }

  /** Decides under which name this tab saves, and holds it. Never rejects. */
  async claim(): Promise<string> {
    const { locks, session, newName = randomName } = this.#parts;
    let { from: name } = this;
    if (!locks) name = this.#reloaded || this.#known().length === 0 ? name : newName();
    else if (!(await this.#hold(name, this.#reloaded))) {
      this.shared = true;
      name = newName();
      await this.#hold(name, false);
    }
    try {
      session.setItem(SESSION_KEY, name);
    } catch {
      // Forbidden: a reload begins as a new tab does.
    }
    this.name = name;
    return name;
  }

  /** Notes that this copy was saved just now. */
  saved(): void {
    const known = this.#known();
    if (this.name === undefined || known[0] === this.name) return;
    const { local } = this.#parts;
    writeLocal(local, 'copies', VERSION, [this.name, ...known.filter((name) => name !== this.name)]);
  }

  /** Forgets the oldest copies that no living tab has. `remove` takes away what they keep. */
  async tidy(remove: (name: string) => void): Promise<void> {
    const { local } = this.#parts;
    for (const name of this.#known().slice(MOST)) {
      const forget = (): void => {
        remove(name);
        const kept = this.#known().filter((other) => other !== name);
        writeLocal(local, 'copies', VERSION, kept);
      };
      if (name !== this.name) await this.#whileFree(name, forget);
    }
  }

  /** Names of all copies, the one saved last first. */
  #known(): readonly string[] {
    const names = readLocal(this.#parts.local, 'copies', VERSION, (data) =>
      Array.isArray(data) && data.length < 1_000 && data.every((name) => typeof name === 'string')
        ? (data as string[])
        : undefined,
    );
    return names.state === 'ok' ? names.data : [];
  }

  #ownName(): string | null {
    try {
      return this.#parts.session.getItem(SESSION_KEY);
    } catch {
      return null;
    }
  }

  /** Takes a name for as long as the page lives; false when another tab has it. */
  #hold(name: string, wait: boolean): Promise<boolean> {
    const { locks, patienceMs = PATIENCE_MS } = this.#parts;
    return new Promise((resolve) => {
      const options = wait ? { signal: AbortSignal.timeout(patienceMs) } : { ifAvailable: true };
      locks
        ?.request(lockOf(name), options, (lock) => {
          resolve(lock !== null);
          return lock === null ? undefined : new Promise<never>(() => {});
        })
        .catch(() => resolve(false));
    });
  }

  async #whileFree(name: string, work: () => void): Promise<void> {
    const { locks } = this.#parts;
    if (!locks) work();
    else await locks.request(lockOf(name), { ifAvailable: true }, (lock) => lock !== null && work());
  }
}

const lockOf = (name: string): string => `rankscope-copy-${name}`;

/** For pages that have no other tabs: tests. */
export function soleCopy(local: TextStore): WorkingCopy {
  const copy = new WorkingCopy({ local, session: { getItem: () => null, setItem() {}, removeItem() {} } });
  copy.name = copy.from;
  return copy;
}
