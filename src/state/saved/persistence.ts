/**
 * What survives a reload. Small things (settings, query, a small corpus, grades) go to localStorage
 * at once; large ones (a big corpus, the last results, the models' answers) to IndexedDB. What
 * cannot be read is dropped with a notice, never an error. Every tab has a copy of its own of all this
 * (storage/copies.ts); grades and answers are shared.
 */

import * as v from 'valibot';
import { messageOf } from '../../errors.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import { keyIn, soleCopy, type WorkingCopy } from '../../storage/copies.ts';
import { type Read, readLocal, removeLocal, type TextStore, writeLocal } from '../../storage/local.ts';
import type { Records } from '../../storage/records.ts';
import type { TabChannel } from '../../storage/tab-channel.ts';
import { ofSource, useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { type GradeTable, useGrades } from '../grades.ts';
import { notify } from '../notices.ts';
import type { OpenFile } from '../recording/opened.ts';
import { usePinned } from '../recording/pinned.ts';
import { withoutRemote } from '../remote/remote.ts';
import { COLUMNS, ownColumns, useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { KeptPins } from './kept-pins.ts';
import { mergeGrades, type Removed, removedGrades, withGrades, withoutGrades } from './merge-grades.ts';
import { RunStore } from './run-store.ts';
import { LONGEST_QUERY, type SavedPage, unpackPage, unpackSource } from './saved-page.ts';
import { packGrades, packSettings, unpackGrades, unpackSettings } from './saved-settings.ts';
import { readAs, text } from './shapes.ts';

/** Of everything below; another number means another shape, and what was stored is dropped. */
const VERSION = 1;
const WRITE_MS = 250;
/** How often the results of a run are stored while it goes on. */
const RUN_MS = 1_000;

const storedCorpus = v.object({ version: v.literal(VERSION), fingerprint: text, source: v.unknown() });

/** A large corpus that has still to be brought back. */
interface StoredCorpus {
  readonly fingerprint: string;
  /** How it was asked to be read. */
  readonly choices: Pick<SavedPage, 'format' | 'encoding' | 'skipBadLines'>;
}

export class Persistence {
  readonly #local: TextStore;
  readonly #records: Records;
  readonly #answers: AnswerCache;
  readonly #runs: RunStore;
  readonly #pins: KeptPins;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #runTimer: ReturnType<typeof setTimeout> | undefined;
  #told = false;
  /** A stored corpus that has not been brought back yet. */
  #stored: StoredCorpus | undefined;
  /** Something was to be saved before there was a name to save it under. */
  #waiting = false;
  readonly #copy: WorkingCopy;
  /** Settles when the name is known under which this tab saves. Until then nothing is saved. */
  readonly claimed: Promise<void>;
  /** The user's grades as they were stored when this tab last read or wrote them. */
  #gradesBase: GradeTable = new Map();

  readonly #channel: TabChannel<Removed> | undefined;
  #hearing = false;

  /**
   * @param channel tells other tabs of grades that were taken back, and this one of theirs
   * @param openFile reads a pinned run
   */
  constructor(
    local: TextStore,
    records: Records,
    answers: AnswerCache,
    copy = soleCopy(local),
    channel?: TabChannel<Removed>,
    openFile?: OpenFile,
  ) {
    this.#local = local;
    this.#records = records;
    this.#answers = answers;
    this.#runs = new RunStore(records);
    this.#pins = new KeptPins(records, openFile);
    this.#copy = copy;
    this.#channel = channel;
    channel?.listen((removed) => this.#hear(removed));
    this.claimed = copy.name === undefined ? this.#claim() : Promise.resolve();
  }

  /**
   * Puts back what localStorage has, at once: before the first render. Returns the fingerprint of
   * a corpus that `restoreLarge` is to bring, if any, and whether this is a first visit.
   */
  restoreSmall(): { readonly first: boolean } {
    const { from } = this.#copy;
    const settings = this.#read('settings', unpackSettings, from);
    if (settings.state === 'ok') useSettings.setState(settings.data);
    const grades = this.#read('grades', unpackGrades);
    if (grades.state === 'ok') {
      this.#gradesBase = grades.data;
      useGrades.setState({ table: grades.data });
    }
    const page = this.#read('page', unpackPage, from);
    if (page.state === 'ok') this.#restorePage(page.data);
    // What cannot be read leaves as little as a first visit finds: the page is not to be empty then.
    return { first: page.state !== 'ok' };
  }

  /** Puts back the corpus and the results that IndexedDB has, unless the user was faster. */
  async restoreLarge(): Promise<void> {
    try {
      await this.#restoreLarge();
      await this.#pins.restore(this.#copy.from);
    } catch (error) {
      // Whatever lies there: the page starts without it.
      notify(
        'warning',
        `What the browser kept from your last visit could not be read (${messageOf(error)}).`,
      );
    }
  }

  async #restoreLarge(): Promise<void> {
    if (this.#stored) await this.#restoreCorpus(this.#stored);
    const saved = await this.#runs.read(this.#copy.from);
    const now = useRun.getState();
    const { columns } = ownColumns(now);
    if (saved === undefined || now.active || COLUMNS.some((id) => columns[id].state !== 'idle')) return;
    if (saved !== 'damaged') useRun.setState(now.aside ? { aside: saved } : saved);
    else {
      await this.#runs.forget(this.#copy.from);
      notify('warning', 'The last results could not be read and were dropped. Rank again.');
    }
  }

  /** Watches the stores and stores what changes; returns the way to stop. */
  watch(): () => void {
    const soon = (): void => this.#soon();
    const stops = [
      useSettings.subscribe(soon),
      useQuery.subscribe(soon),
      useGrades.subscribe((now, before) => {
        soon();
        const removed = this.#hearing ? [] : removedGrades(before.table, now.table);
        if (removed.length > 0) this.#channel?.post(removed);
      }),
      useCorpus.subscribe((now, before) => {
        if (now.source !== before.source) void this.#storeCorpus();
        soon();
      }),
      usePinned.subscribe(() => void this.#writePins()),
      useRun.subscribe((state, past) => {
        // A recording that is looked at is not kept: what it stands before is.
        if (state.aside || past.aside) return;
        const [now, before] = [ownColumns(state), ownColumns(past)];
        if (now.columns === before.columns && now.runs === before.runs) return;
        const turned = COLUMNS.some((id) => now.columns[id].state !== before.columns[id].state);
        if (turned) void this.writeRun();
        else this.#runTimer ??= setTimeout(() => void this.writeRun(), RUN_MS);
      }),
    ];
    return () => {
      clearTimeout(this.#timer);
      clearTimeout(this.#runTimer);
      for (const stop of stops) stop();
    };
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.writeSmall(), WRITE_MS);
  }

  /** Stores settings, inputs and grades now. Call it too when the page is being left. */
  writeSmall(): void {
    const { name } = this.#copy;
    if (name === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#waiting = true;
      return;
    }
    this.takeGrades();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { table } = useGrades.getState();
    const ok = [
      useQuery.getState().text.length <= LONGEST_QUERY,
      writeLocal(
        this.#local,
        keyIn(name, 'settings'),
        VERSION,
        packSettings(withoutRemote(useSettings.getState())),
      ),
      writeLocal(this.#local, 'grades', VERSION, packGrades(table)),
      writeLocal(this.#local, keyIn(name, 'page'), VERSION, this.#currentPage()),
    ];
    this.#gradesBase = table;
    this.#copy.saved();
    if (ok.includes(false) && !this.#told) {
      this.#told = true;
      notify(
        'warning',
        'This browser has no room to keep your settings and texts: they last until the page is closed.',
      );
    }
  }

  /**
   * Takes over what other tabs have graded; what was graded here since stays, and is stored again where
   * another tab has written over it.
   */
  takeGrades(): void {
    const stored = readLocal(this.#local, 'grades', VERSION, unpackGrades);
    if (stored.state !== 'ok') return;
    const { table } = useGrades.getState();
    const merged = mergeGrades(this.#gradesBase, table, stored.data);
    this.#gradesBase = stored.data;
    if (merged !== table) useGrades.setState({ table: merged });
    if (packGrades(merged).length !== packGrades(stored.data).length) this.#soon();
  }

  /** Another tab has taken grades back. */
  #hear(removed: Removed): void {
    this.#hearing = true;
    // As if they had been taken back here: what is stored may have them for a moment yet.
    this.#gradesBase = withGrades(this.#gradesBase, removed);
    const { table } = useGrades.getState();
    const left = withoutGrades(table, removed);
    if (left !== table) useGrades.setState({ table: left });
    this.#hearing = false;
  }

  /** Stores the results as they are now, and the answers they rest on. */
  async writeRun(): Promise<void> {
    clearTimeout(this.#runTimer);
    this.#runTimer = undefined;
    const { name } = this.#copy;
    if (name === undefined) {
      this.#waiting = true;
      return;
    }
    // At once, not one after the other: the page may be on its way out.
    await Promise.all([this.#answers.flush(), this.#runs.write(name, ownColumns(useRun.getState()))]);
  }

  async #writePins(): Promise<void> {
    const { name } = this.#copy;
    if (name === undefined) this.#waiting = true;
    else await this.#pins.write(name);
  }

  /** Finds a name to save under, and saves what has changed meanwhile, or begins as a copy of another tab's. */
  async #claim(): Promise<void> {
    const name = await this.#copy.claim();
    if (this.#waiting || name !== this.#copy.from) {
      this.writeSmall();
      await Promise.all([this.#storeCorpus(), this.writeRun(), this.#writePins()]);
    }
    if (this.#copy.shared) {
      notify(
        'info',
        'Rankscope is open in another tab too. Each tab keeps its own corpus, query, settings and results; grades are shared.',
      );
    }
    await this.#copy.tidy((name) => {
      for (const key of ['settings', 'page']) removeLocal(this.#local, keyIn(name, key));
      void this.#records.delete('corpus', keyIn(name, 'source'));
      void this.#runs.forget(name);
      void this.#pins.forget(name);
    });
  }

  #read<T>(key: string, check: (data: unknown) => T | undefined, copy?: string): Read<T> {
    const read = readLocal(this.#local, copy === undefined ? key : keyIn(copy, key), VERSION, check);
    if (read.state === 'dropped') {
      const what = key === 'page' ? 'texts' : key;
      notify('warning', `Stored ${what} could not be read and were reset. Nothing else was touched.`);
    }
    return read;
  }

  #restorePage({ query, corpus, origin, format, encoding, skipBadLines }: SavedPage): void {
    useQuery.setState({ text: query, own: query.trim() !== '' });
    const choices = { format, encoding, skipBadLines };
    if (corpus.kind === 'stored') this.#stored = { fingerprint: corpus.fingerprint, choices };
    else {
      const known = ofSource(corpus);
      useCorpus.setState({ ...known, origin: corpus.kind === 'text' ? origin : known.origin, ...choices });
    }
  }

  /** A large corpus lies in IndexedDB. One that is still to be brought back is left as it lies there. */
  async #storeCorpus(): Promise<void> {
    const { name, from } = this.#copy;
    const { source, fingerprint } = useCorpus.getState();
    if (name === undefined) {
      this.#waiting = true;
      return;
    }
    if (this.#stored && source.kind === 'none' && name === from) return;
    if ('blob' in source) {
      const whole = { ...source, blob: await source.blob };
      // Replaced while it was being encoded: the newer one is stored instead.
      if (useCorpus.getState().fingerprint !== fingerprint) return;
      const record = { version: VERSION, fingerprint, source: whole };
      await this.#records.put('corpus', keyIn(name, 'source'), record);
    } else await this.#records.delete('corpus', keyIn(name, 'source'));
  }

  async #restoreCorpus({ fingerprint, choices }: StoredCorpus): Promise<void> {
    const saved = await this.#records.get('corpus', keyIn(this.#copy.from, 'source'));
    this.#stored = undefined;
    if (useCorpus.getState().source.kind !== 'none') return;
    const stored = readAs(storedCorpus, saved);
    const source = stored?.fingerprint === fingerprint ? unpackSource(stored.source) : undefined;
    if (source) useCorpus.setState({ ...ofSource(source), ...choices });
    else notify('warning', 'The corpus from your last visit could not be kept. Load it again.');
  }

  #currentPage(): SavedPage {
    const { source, fingerprint, origin, format, encoding, skipBadLines } = useCorpus.getState();
    const pending = source.kind === 'none' ? this.#stored : undefined;
    const stored = pending?.fingerprint ?? ('blob' in source ? fingerprint : undefined);
    const choices = pending?.choices ?? { format, encoding, skipBadLines };
    const corpus = stored === undefined ? source : ({ kind: 'stored', fingerprint: stored } as const);
    const { text } = useQuery.getState();
    const query = text.length <= LONGEST_QUERY ? text : '';
    return { query, corpus: corpus as SavedPage['corpus'], origin, ...choices };
  }
}
