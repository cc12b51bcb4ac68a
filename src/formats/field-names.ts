/** Which columns of a table or keys of JSON objects were read as id, title and text, and which were not. */

export interface CorpusFields {
  /** More than one where rows differ; none where nothing was read as this. */
  readonly id: readonly string[];
  readonly title: readonly string[];
  readonly text: readonly string[];
  /** Names of columns or keys that were left out, at most MAX_UNUSED of them. */
  readonly unused: readonly string[];
  readonly unusedCount: number;
}

export type Role = 'id' | 'title' | 'text';

export const MAX_UNUSED = 20;
/** Objects whose other keys are looked at; the rest will have the same. */
const LOOKED_AT = 1000;
/** Names kept per role: hostile input could use all there are. */
const MAX_NAMES = 5;

export class FieldNames {
  readonly #roles: Readonly<Record<Role, Set<string>>> = { id: new Set(), title: new Set(), text: new Set() };
  readonly #unused = new Set<string>();
  #unusedCount = 0;
  #looked = 0;

  read(role: Role, name: string | undefined): void {
    const names = this.#roles[role];
    if (name !== undefined && names.size < MAX_NAMES) names.add(name);
  }

  unused(names: Iterable<string>): void {
    for (const name of names) {
      if (this.#unused.has(name)) continue;
      this.#unusedCount++;
      if (this.#unused.size < MAX_UNUSED) this.#unused.add(name);
    }
  }

  /** The keys of a JSON object, of which these were read. */
  object(object: object, read: Readonly<Record<Role, string | undefined>>): void {
    for (const role of ['id', 'title', 'text'] as const) this.read(role, read[role]);
    if (this.#looked++ >= LOOKED_AT) return;
    const used = Object.values(read);
    this.unused(
      Object.keys(object)
        .filter((key) => !used.includes(key))
        .slice(0, 1000),
    );
  }

  /** Undefined for plain text, which names nothing. */
  get found(): CorpusFields | undefined {
    const { id, title, text } = this.#roles;
    if (text.size === 0) return undefined;
    const names = new Set([...id, ...title, ...text]);
    const unused = [...this.#unused].filter((name) => !names.has(name));
    const unusedCount = this.#unusedCount - (this.#unused.size - unused.length);
    return { id: [...id], title: [...title], text: [...text], unused, unusedCount };
  }
}
