/**
 * The comparison cache of the page: answers of the models, kept in scopes (one model and one
 * query), because a run needs the answers of its scope only. An answer is written once: each write adds a
 * record with what is new in a scope, whose records are one again when they are read (of before: `scope:NAME`).
 * Bounded: the least recently used scopes go first. The keys inside a scope are ranking's own and
 * name everything an answer depends on, so a wrong scope can cost time, never correctness.
 */
import { type CachedAnswer, isAnswer } from '../ranking/answer.ts';
import { randomName } from './random-name.ts';
import type { Records } from './records.ts';
import type { TabChannel } from './tab-channel.ts';

export interface ScopeMeta {
  readonly count: number;
  /** Counts uses, not time: clocks jump. */
  readonly used: number;
}

/** What a tab tells the others, so that none overwrites what another has learnt. */
export type AnswerNews =
  | { readonly scope: string; readonly answers: readonly CachedAnswer[] }
  | { readonly index: readonly (readonly [scope: string, meta: ScopeMeta])[] };

const INDEX_KEY = 'index';
const FORMAT = 1;
/** A scope in more pieces than this is put together when it is read. */
const MANY_PIECES = 40;

const wholeKey = (scope: string): string => `scope:${scope}`;
const piecesOf = (scope: string): string => `scope:${scope}#`;
/** Later ones sort behind earlier ones, as far as clocks go; tabs never share one. */
const pieceKey = (scope: string): string =>
  `${piecesOf(scope)}${Date.now().toString(36).padStart(10, '0')}-${randomName()}`;

export class AnswerCache {
  readonly #records: Records;
  readonly #maxAnswers: number;
  readonly #scopes = new Map<string, Map<string, CachedAnswer>>();
  readonly #loading = new Map<string, Promise<Map<string, CachedAnswer>>>();
  /** What has not been written yet, by scope and key. */
  readonly #fresh = new Map<string, Map<string, CachedAnswer>>();
  #index: Map<string, ScopeMeta> | undefined;
  #uses = 0;
  #writing: Promise<void> = Promise.resolve();

  readonly #channel: TabChannel<AnswerNews> | undefined;

  constructor(records: Records, maxAnswers = 100_000, channel?: TabChannel<AnswerNews>) {
    this.#records = records;
    this.#maxAnswers = maxAnswers;
    this.#channel = channel;
    channel?.listen((news) => this.#hear(news));
  }

  /** Another tab's news. Scopes that are not held here will be read from storage when they are wanted. */
  #hear(news: AnswerNews): void {
    if ('index' in news) {
      for (const [scope, meta] of news.index) {
        this.#index?.set(scope, meta);
        this.#uses = Math.max(this.#uses, meta.used);
      }
      return;
    }
    const { scope, answers } = news;
    if (!this.#scopes.has(scope) && !this.#loading.has(scope)) return;
    void this.#scope(scope).then((map) => {
      for (const answer of answers) if (isAnswer(answer) && !map.has(answer.key)) map.set(answer.key, answer);
    });
  }

  /** Everything known in a scope. */
  async known(scope: string): Promise<CachedAnswer[]> {
    return [...(await this.#scope(scope)).values()];
  }

  /** The same by key, to look answers up in; it grows with what is added. */
  lookup(scope: string): Promise<ReadonlyMap<string, CachedAnswer>> {
    return this.#scope(scope);
  }

  /** Adds new answers; they are written at the next `flush`. */
  async add(scope: string, answers: readonly CachedAnswer[]): Promise<void> {
    if (answers.length === 0) return;
    const map = await this.#scope(scope);
    const fresh = this.#fresh.get(scope) ?? new Map<string, CachedAnswer>();
    this.#fresh.set(scope, fresh);
    for (const answer of answers) {
      map.set(answer.key, answer);
      fresh.set(answer.key, answer);
    }
    this.#channel?.post({ scope, answers });
  }

  /** Writes what is new and lets go of what is over the bound. One write at a time. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Starts all puts of new answers before it waits for anything: a page that is being left has no later. */
  async #write(): Promise<void> {
    if (this.#fresh.size === 0) return;
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    const counts: [scope: string, count: number][] = [];
    const puts = fresh.map(([scope, answers]) => {
      counts.push([scope, this.#scopes.get(scope)?.size ?? answers.size]);
      return this.#records.put('answers', pieceKey(scope), {
        format: FORMAT,
        answers: [...answers.values()],
      });
    });
    const index = await this.#readIndex();
    const used = counts.map(([scope, count]) => [scope, { count, used: ++this.#uses }] as const);
    for (const [scope, meta] of used) index.set(scope, meta);
    this.#channel?.post({ index: used });
    await Promise.all(puts);
    await this.#evict(index);
    await this.#records.put('answers', INDEX_KEY, { format: FORMAT, scopes: [...index] });
  }

  async #evict(index: Map<string, ScopeMeta>): Promise<void> {
    let total = 0;
    for (const meta of index.values()) total += meta.count;
    const oldest = [...index].sort((a, b) => a[1].used - b[1].used);
    // The newest scope stays whatever its size: it is being used.
    for (const [scope, meta] of oldest.slice(0, -1)) {
      if (total <= this.#maxAnswers) return;
      total -= meta.count;
      index.delete(scope);
      this.#scopes.delete(scope);
      this.#loading.delete(scope);
      const pieces = await this.#records.keys('answers', piecesOf(scope));
      await Promise.all([wholeKey(scope), ...pieces].map((key) => this.#records.delete('answers', key)));
    }
  }

  async #scope(scope: string): Promise<Map<string, CachedAnswer>> {
    const here = this.#scopes.get(scope);
    if (here) return here;
    let loading = this.#loading.get(scope);
    if (!loading) {
      loading = this.#readScope(scope);
      this.#loading.set(scope, loading);
    }
    return loading;
  }

  async #readScope(scope: string): Promise<Map<string, CachedAnswer>> {
    const pieces = [...(await this.#records.keys('answers', piecesOf(scope)))].sort();
    const keys = [wholeKey(scope), ...pieces];
    const map = new Map<string, CachedAnswer>();
    for (const record of await Promise.all(keys.map((key) => this.#records.get('answers', key)))) {
      if (!isObject(record) || record.format !== FORMAT || !Array.isArray(record.answers)) continue;
      for (const answer of record.answers) if (isAnswer(answer)) map.set(answer.key, answer);
    }
    this.#scopes.set(scope, map);
    this.#loading.delete(scope);
    if (pieces.length > MANY_PIECES) void this.#join(scope, keys, [...map.values()]);
    return map;
  }

  /** Writes a scope as one record in place of those that were read; what another tab adds meanwhile stays. */
  async #join(scope: string, keys: readonly string[], answers: readonly CachedAnswer[]): Promise<void> {
    await this.#records.put('answers', pieceKey(scope), { format: FORMAT, answers });
    await Promise.all(keys.map((key) => this.#records.delete('answers', key)));
  }

  async #readIndex(): Promise<Map<string, ScopeMeta>> {
    if (this.#index) return this.#index;
    const record = await this.#records.get('answers', INDEX_KEY);
    const index = new Map<string, ScopeMeta>();
    if (isObject(record) && record.format === FORMAT && Array.isArray(record.scopes)) {
      for (const entry of record.scopes as unknown[]) {
        if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !isObject(entry[1])) continue;
        const { count, used } = entry[1];
        if (typeof count === 'number' && typeof used === 'number') index.set(entry[0], { count, used });
      }
    }
    for (const meta of index.values()) this.#uses = Math.max(this.#uses, meta.used);
    this.#index = index;
    return index;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
