/**
 * The last results in IndexedDB, written as they come: the candidates once, what a run is when that changes, of its
 * log what is new. What they come to is folded from the log when they are read. The records of a copy of the page:
 *
 *   last            the columns: their states, and which run each shows
 *   last/set:ID     a query and its candidates
 *   last/run:ID     what a run is, beside its log; of the first stage its hits
 *   last/log:ID:AT  events of a run, from position AT on
 */

import * as v from 'valibot';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import { keyIn } from '../../storage/copies.ts';
import type { Records } from '../../storage/records.ts';
import { type CandidateSet, COLUMNS, type Columns, type ModelRun, type Run } from '../run/run.ts';
import { readVersion1 } from './run-version-1.ts';
import { finite, readAs, text } from './shapes.ts';
import { eventsOver, storedHits } from './stored-events.ts';
import {
  columnsOf,
  firstStageOf,
  modelRunFrom,
  type RunFacts,
  readSet,
  type StoredColumn,
  storedColumns,
  storedFacts,
} from './stored-runs.ts';

export const RUN_FORMAT = 'rankscope-run/2';

const version1 = v.object({ version: v.literal(1), columns: v.unknown() });
const record = v.object({ format: v.literal(RUN_FORMAT), columns: storedColumns });
const run = v.union([
  v.object({
    kind: v.literal('first-stage'),
    id: text,
    set: text,
    inputKey: text,
    ms: finite,
    hits: storedHits,
  }),
  v.object({ ...storedFacts.entries, set: text }),
]);

const last = (copy: string): string => keyIn(copy, 'last');

/** What has been written of a run: its facts as they were then, and how many of its events. */
interface Written {
  readonly facts: string;
  readonly events: number;
}

export class RunStore {
  readonly #records: Records;
  #copy = '';
  /** What was there before the first write under this name, and belongs to nothing any more, is gone. */
  #tidied = false;
  readonly #runs = new Map<string, Written>();
  readonly #sets = new Set<string>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Writes what is new under a copy's name. All puts begin at once: a page that is being left has no later. */
  async write(copy: string, { columns, runs }: Columns): Promise<void> {
    if (copy !== this.#copy) this.#forgetWritten(copy);
    const base = last(copy);
    const first = !this.#tidied;
    this.#tidied = true;
    const puts: Promise<void>[] = [];
    const put = (key: string, value: unknown): void => void puts.push(this.#records.put('run', key, value));
    // In this order: whatever the columns name is there before them.
    for (const run of Object.values(runs)) {
      const { set } = run;
      if (!this.#sets.has(set.id)) put(`${base}/set:${set.id}`, set);
      this.#sets.add(set.id);
      const facts = factsOf(run);
      const key = JSON.stringify({ ...facts, hits: null });
      const written = this.#runs.get(run.id);
      if (written?.facts !== key) put(`${base}/run:${run.id}`, facts);
      const from = written?.events ?? 0;
      const events = run.kind === 'first-stage' ? [] : run.log.from(from);
      if (events.length > 0) put(`${base}/log:${run.id}:${String(from).padStart(8, '0')}`, { events });
      this.#runs.set(run.id, { facts: key, events: from + events.length });
    }
    const stored = Object.fromEntries(
      COLUMNS.map((id) => {
        const { state, explanation, shows, waiting } = columns[id];
        return [id, { state, explanation, shows, waiting } satisfies StoredColumn];
      }),
    );
    put(base, { format: RUN_FORMAT, columns: stored });
    const gone = this.#dropped(runs);
    await Promise.all(puts);
    await Promise.all(gone.map((name) => this.#clear(`${base}/${name}`)));
    // What a page that ended between two steps has left.
    if (first) await this.#clear(`${base}/`, [...this.#runs.keys(), ...this.#sets]);
  }

  /** What a copy has stored; 'damaged' where it cannot be used: half a result would mislead. */
  async read(copy: string): Promise<Columns | 'damaged' | undefined> {
    const saved = await this.#records.get('run', last(copy));
    if (saved === undefined) return undefined;
    const old = readAs(version1, saved);
    if (old) return readVersion1(old.columns) ?? 'damaged';
    const stored = readAs(record, saved)?.columns;
    if (!stored) return 'damaged';
    const shown = COLUMNS.map((id) => stored[id].shows).filter((id) => id !== null);
    const sets = new Map<string, Promise<CandidateSet | undefined>>();
    const runs = await Promise.all(shown.map((id) => this.#readRun(last(copy), id, sets)));
    const whole = runs.filter((run) => run !== undefined);
    const columns = whole.length === runs.length ? columnsOf(stored, whole) : undefined;
    if (!columns) return 'damaged';
    // What was written meanwhile, the user being faster, is written already.
    if (this.#copy !== '') return columns;
    this.#forgetWritten(copy);
    for (const run of whole) {
      this.#sets.add(run.set.id);
      const events = run.kind === 'first-stage' ? 0 : run.log.length;
      this.#runs.set(run.id, { facts: JSON.stringify({ ...factsOf(run), hits: null }), events });
    }
    return columns;
  }

  /** Removes all that a copy has stored. */
  async forget(copy: string): Promise<void> {
    if (copy === this.#copy) this.#forgetWritten(copy);
    await this.#records.delete('run', last(copy));
    await this.#clear(`${last(copy)}/`);
  }

  async #readRun(
    base: string,
    id: string,
    sets: Map<string, Promise<CandidateSet | undefined>>,
  ): Promise<Run | undefined> {
    const stored = readAs(run, await this.#records.get('run', `${base}/run:${id}`));
    if (stored?.id !== id) return undefined;
    const key = `${base}/set:${stored.set}`;
    if (!sets.has(key)) sets.set(key, this.#records.get('run', key).then(readSet));
    const set = await sets.get(key);
    if (!set) return undefined;
    if ('hits' in stored) return firstStageOf({ ...stored, set });
    const log = await this.#readLog(`${base}/log:${id}:`, set.candidates.length);
    return log && modelRunFrom({ ...stored, set }, log);
  }

  /** The events in their order, up to the first piece that is missing: what comes after it may be asked again. */
  async #readLog(prefix: string, n: number): Promise<LogEvent[] | undefined> {
    const keys = [...(await this.#records.keys('run', prefix))].sort();
    const pieces = await Promise.all(keys.map((key) => this.#records.get('run', key)));
    const schema = v.object({ events: eventsOver(n) });
    const log: LogEvent[] = [];
    for (const [i, piece] of pieces.entries()) {
      const from = Number(keys[i]!.slice(prefix.length));
      // Left over from before a missing piece was asked for again.
      if (from < log.length) continue;
      if (from > log.length) return log;
      const read = readAs(schema, piece);
      if (!read) return undefined;
      log.push(...read.events);
    }
    return log;
  }

  /** Takes runs and sets that no column shows any more out of what is written; returns how their keys begin. */
  #dropped(runs: Columns['runs']): string[] {
    const gone: string[] = [];
    for (const id of this.#runs.keys()) {
      if (runs[id]) continue;
      this.#runs.delete(id);
      gone.push(`run:${id}`, `log:${id}:`);
    }
    const sets = new Set(Object.values(runs).map(({ set }) => set.id));
    for (const id of this.#sets) {
      if (sets.has(id)) continue;
      this.#sets.delete(id);
      gone.push(`set:${id}`);
    }
    return gone;
  }

  /** Removes what lies under a prefix, but what belongs to one of the ids to keep. */
  async #clear(prefix: string, keep: readonly string[] = []): Promise<void> {
    const keys = await this.#records.keys('run', prefix);
    const kept = new Set(keep);
    const gone = keys.filter((key) => !kept.has(key.slice(prefix.length).split(':')[1] ?? ''));
    await Promise.all(gone.map((key) => this.#records.delete('run', key)));
  }

  #forgetWritten(copy: string): void {
    this.#copy = copy;
    this.#tidied = false;
    this.#runs.clear();
    this.#sets.clear();
  }
}

function factsOf(run: Run) {
  const { id, inputKey } = run;
  if (run.kind === 'first-stage') {
    const { kind, hits, ms } = run;
    return { id, set: run.set.id, inputKey, kind, hits, ms };
  }
  return { ...modelFacts(run), set: run.set.id };
}

function modelFacts(run: ModelRun): RunFacts {
  const { id, inputKey, method, fusion, trueProbabilities, template, info, raced } = run;
  const choices = givenChoices(run);
  return { id, inputKey, method, ...choices, fusion, trueProbabilities, template, info, raced };
}
