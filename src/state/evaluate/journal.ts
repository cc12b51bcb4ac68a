/**
 * What is found and ranked, written as it comes, so that after a reload nothing is asked twice. Records, named by what
 * they depend on and shared by all tabs:
 *
 *   evaluate/DATA/FIRST-STAGE/ROW/AT   entries of a row, in pieces; ROW `found` has the candidates
 *   evaluations                        the collections there are records of, newest first
 */

import { randomName } from '../../storage/random-name.ts';
import type { Records } from '../../storage/records.ts';
import type { TextSizes } from '../../t5/flops.ts';
import { isFiniteNumber, isListUpTo, isObject, isShort, isText } from '../checks.ts';
import type { Found, Ranked, Results, RowMeta } from './results.ts';

const FORMAT = 'rankscope-evaluation/1';
/** Collections whose records are kept. */
const MOST_COLLECTIONS = 6;
const MOST_ENTRIES = 100_000;
const MOST_CANDIDATES = 65_535;

export interface JournalPlace {
  /** Fingerprint of the data. */
  readonly data: string;
  /** Names the first stage and the depth. */
  readonly firstStage: string;
}

interface Piece {
  readonly meta: RowMeta | null;
  readonly entries: unknown[];
}

const FOUND = 'found';

export class EvaluationJournal {
  readonly #records: Records;
  readonly #place: JournalPlace;
  /** By row, what is not written yet. */
  readonly #fresh = new Map<string, Piece>();

  constructor(records: Records, place: JournalPlace) {
    this.#records = records;
    this.#place = place;
  }

  /** Reads what there is of these rows. What is damaged or belongs to no query is passed over. */
  async read(results: Results, rows: readonly string[]): Promise<void> {
    for (const value of await this.#pieces(FOUND)) {
      for (const entry of value.entries) {
        const place = placeOf(entry, results);
        const found = place === undefined ? undefined : readFound(entry);
        if (found) results.setFound(place!, found);
      }
    }
    for (const row of rows) {
      for (const { meta, entries } of await this.#pieces(row)) {
        const known = results.row(row).meta;
        // Pieces of another checkpoint under the same name: the later ones count.
        if (known && meta && !sameMeta(known, meta)) results.drop(row);
        results.row(row).meta = meta;
        for (const entry of entries) {
          const place = placeOf(entry, results);
          const size = place === undefined ? undefined : results.found[place]?.ids.length;
          const ranked = size === undefined ? undefined : readRanked(entry, size);
          if (ranked) results.setRanked(row, place!, ranked);
        }
      }
    }
  }

  addFound(query: string, { ids, scores, seconds }: Found): void {
    this.#piece(FOUND, null).entries.push({ query, ids, scores, seconds });
  }

  addRanked(row: string, meta: RowMeta, query: string, ranked: Ranked): void {
    this.#piece(row, meta).entries.push({ query, ...ranked });
  }

  /** Writes what is new. All puts begin at once: a page that is being left has no later. */
  async flush(): Promise<void> {
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    await Promise.all(
      fresh.map(([row, { meta, entries }]) =>
        this.#records.put('run', `${this.#prefix(row)}${timeName()}`, { format: FORMAT, meta, entries }),
      ),
    );
  }

  /** Forgets a row's records. */
  async drop(row: string): Promise<void> {
    this.#fresh.delete(row);
    const keys = await this.#records.keys('run', this.#prefix(row));
    await Promise.all(keys.map((key) => this.#records.delete('run', key)));
  }

  #piece(row: string, meta: RowMeta | null): Piece {
    const piece = this.#fresh.get(row) ?? { meta, entries: [] };
    this.#fresh.set(row, piece);
    return piece;
  }

  #prefix(row: string): string {
    return `evaluate/${this.#place.data}/${this.#place.firstStage}/${row}/`;
  }

  async #pieces(row: string): Promise<Piece[]> {
    const keys = [...(await this.#records.keys('run', this.#prefix(row)))].sort();
    const values = await Promise.all(keys.map((key) => this.#records.get('run', key)));
    return values.flatMap((value) => {
      if (!isObject(value) || value.format !== FORMAT || !Array.isArray(value.entries)) return [];
      if (value.entries.length > MOST_ENTRIES) return [];
      return [{ meta: readMeta(value.meta), entries: value.entries as unknown[] }];
    });
  }
}

/** Notes that a collection is in use, and removes the records of those that were used longest ago. */
export async function keepCollection(records: Records, data: string): Promise<void> {
  const stored = await records.get('run', 'evaluations');
  const names = isListUpTo(stored, 1000, isText) ? stored : [];
  const list = [data, ...names.filter((name) => name !== data)];
  await records.put('run', 'evaluations', list.slice(0, MOST_COLLECTIONS));
  for (const name of list.slice(MOST_COLLECTIONS)) {
    const keys = await records.keys('run', `evaluate/${name}/`);
    await Promise.all(keys.map((key) => records.delete('run', key)));
  }
}

export const sameMeta = (a: RowMeta, b: RowMeta): boolean =>
  a.digest === b.digest &&
  a.dtype === b.dtype &&
  a.device === b.device &&
  a.method === b.method &&
  a.template === b.template;

/** Later ones sort behind earlier ones, as far as clocks go; tabs never share one. */
const timeName = (): string => `${Date.now().toString(36).padStart(10, '0')}-${randomName()}`;

function placeOf(entry: unknown, results: Results): number | undefined {
  return isObject(entry) && isText(entry.query) ? results.places.get(entry.query) : undefined;
}

function readFound(entry: unknown): Found | undefined {
  if (!isObject(entry) || !isListUpTo(entry.ids, MOST_CANDIDATES, isText)) return undefined;
  const { ids, scores, seconds } = entry;
  if (!(scores instanceof Float32Array) || scores.length !== ids.length) return undefined;
  return { ids, scores, seconds: isFiniteNumber(seconds) ? seconds : null };
}

function readRanked(entry: unknown, size: number): Ranked | undefined {
  if (!isObject(entry)) return undefined;
  const { order, scores, calls, cached, tokens, tokenSquares, seconds, cut } = entry;
  if (!(order instanceof Uint16Array) || !(scores instanceof Float32Array)) return undefined;
  if (order.length !== size || scores.length !== size || new Set(order).size !== size) return undefined;
  if (order.some((position) => position >= size)) return undefined;
  const numbers = [calls, cached, tokens, tokenSquares, seconds, cut];
  if (!numbers.every(isFiniteNumber)) return undefined;
  const [a, b, c, d, e, f] = numbers as [number, number, number, number, number, number];
  const padded = isFiniteNumber(entry.padded) ? entry.padded : null;
  const repaired = isFiniteNumber(entry.repaired) ? entry.repaired : undefined;
  return {
    order,
    scores,
    calls: a,
    cached: b,
    tokens: c,
    tokenSquares: d,
    texts: readTexts(entry.texts),
    padded,
    seconds: e,
    cut: f,
    repaired,
  };
}

function readTexts(value: unknown): TextSizes | null {
  if (!isObject(value)) return null;
  const { outputs, outputSquares, tokenOutputs } = value;
  const whole = isFiniteNumber(outputs) && isFiniteNumber(outputSquares) && isFiniteNumber(tokenOutputs);
  return whole ? { outputs, outputSquares, tokenOutputs } : null;
}

function readMeta(value: unknown): RowMeta | null {
  if (!isObject(value)) return null;
  const texts = ['checkpoint', 'digest', 'dtype', 'device', 'runtime', 'method', 'template'].every((name) =>
    isShort(value[name], 10_000),
  );
  const service = value.service === undefined || isShort(value.service, 1000);
  return texts && service && isFiniteNumber(value.threads) ? (value as unknown as RowMeta) : null;
}
