/** What an evaluation has found and ranked, by query: grows in place, so that a thousand queries cost no copies. */
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { TextSizes } from '../../t5/flops.ts';

/** A query's candidates, as the first stage has them. */
export interface Found {
  readonly ids: readonly string[];
  readonly scores: Float32Array;
  /** Of the search; null where they came from a file. */
  readonly seconds: number | null;
}

/** One ranking of a query's candidates. */
export interface Ranked {
  /** Candidate positions, best first. */
  readonly order: Uint16Array;
  /** scores[i] belongs to order[i]. */
  readonly scores: Float32Array;
  readonly calls: number;
  readonly cached: number;
  readonly tokens: number;
  readonly tokenSquares: number;
  /** Null where it answered with labels, or where that is not known. */
  readonly texts: TextSizes | null;
  /** Input positions, padding included; null where answers were kept ones. */
  readonly padded: number | null;
  readonly seconds: number;
  /** Candidates cut to fit. */
  readonly cut: number;
  /** Answers that were no complete lists; absent in what was kept before they were counted. */
  readonly repaired?: number;
}

/** What answered a row, and how it was asked. */
export interface RowMeta {
  readonly checkpoint: string;
  readonly digest: string;
  readonly dtype: string;
  readonly device: string;
  readonly threads: number;
  readonly runtime: string;
  readonly method: MethodId;
  /** Names the wording. */
  readonly template: string;
  /** Host of the service that answered; absent: this machine did. */
  readonly service?: string;
}

export interface RowRankings {
  meta: RowMeta | null;
  /** By the query's place. */
  readonly ranked: (Ranked | undefined)[];
  done: number;
}

export class Results {
  /** Place of a query in the data. */
  readonly places: ReadonlyMap<string, number>;
  readonly found: (Found | undefined)[];
  readonly rows = new Map<string, RowRankings>();
  foundCount = 0;

  constructor(queries: readonly { readonly id: string }[]) {
    this.places = new Map(queries.map(({ id }, i) => [id, i]));
    this.found = new Array(queries.length);
  }

  row(id: string): RowRankings {
    let row = this.rows.get(id);
    if (!row) {
      row = { meta: null, ranked: new Array(this.found.length), done: 0 };
      this.rows.set(id, row);
    }
    return row;
  }

  setFound(place: number, found: Found): void {
    if (!this.found[place]) this.foundCount++;
    this.found[place] = found;
  }

  setRanked(id: string, place: number, ranked: Ranked): void {
    const row = this.row(id);
    if (!row.ranked[place]) row.done++;
    row.ranked[place] = ranked;
  }

  /** Forgets a row's rankings: they are another checkpoint's. */
  drop(id: string): void {
    this.rows.delete(id);
  }
}
