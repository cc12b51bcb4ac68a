/**
 * What the Evaluate screen can ask for. Components import `evaluation` and the stores of this room; the page installs
 * the real one once (start.ts).
 */
import { isAbort, toErrorData } from '../../errors.ts';
import type { LocalModel } from '../../sources/local-files.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import type { TextStore } from '../../storage/local.ts';
import type { Records } from '../../storage/records.ts';
import type { CollectionWorker } from '../../workers/collection-client.ts';
import type { BlobFile } from '../../workers/download-protocol.ts';
import type { FetchJson } from '../models/catalog.ts';
import type { ModelSlots } from '../models/model-slots.ts';
import { useModels } from '../models/models.ts';
import { notify } from '../notices.ts';
import type { OpenFile } from '../recording/opened.ts';
import { consent } from '../remote/consent.ts';
import { useSettings } from '../settings.ts';
import { Collections, useCollection } from './collection.ts';
import { watchEvaluateEstimate } from './estimate.ts';
import { openQuery } from './open-query.ts';
import { loadPresets } from './presets.ts';
import { initialRecipe, rankedRows } from './recipe.ts';
import { EvaluateRunner } from './runner.ts';
import { keepEvaluate } from './saved.ts';
import { watchShapes } from './shapes.ts';
import { useEvaluate } from './store.ts';

export interface Evaluation {
  /** The screen is shown: what was open before a reload is opened again, once. */
  show(): void;
  /** What was dropped or picked. */
  openLocal(local: Promise<LocalModel>): void;
  openSample(id: string): void;
  chooseSplit(split: string): void;
  /** Ends what is being opened; what was open before stays. */
  cancelOpening(): void;
  closeData(): void;
  /** Starts, or goes on; once the user has agreed, where services are asked. Resolves when it has begun, or will not. */
  run(): Promise<void>;
  stop(): void;
  /** Shows a query, by its place, with two rows in the columns, as a recording. Resolves to whether it is shown. */
  openQuery(place: number, rows: readonly string[]): Promise<boolean>;
}

export interface EvaluationDeps {
  readonly slots: ModelSlots;
  readonly answers: AnswerCache;
  readonly records: Records;
  readonly local: TextStore;
  readonly fetchJson: FetchJson;
  readonly worker: () => CollectionWorker;
  readonly filesOf?: (id: string) => Promise<readonly BlobFile[]>;
  readonly columnsFinished: () => Promise<void>;
  readonly setFinished: () => Promise<void>;
  readonly restoreSlots: () => void;
  readonly cancelMs?: number;
  /** Of the tests. */
  readonly openRecordingFile?: OpenFile;
}

export interface StartedEvaluation extends Evaluation {
  readonly collections: Collections;
  /** Settles when nothing is at work any more. */
  readonly finished: () => Promise<void>;
  makeRoom(): Promise<void>;
  /** Writes what is new: the page is being left. */
  leave(): void;
  end(): void;
}

export function createEvaluation(deps: EvaluationDeps): StartedEvaluation {
  const collections = new Collections(deps);
  const runner = new EvaluateRunner({
    slots: deps.slots,
    answers: deps.answers,
    records: deps.records,
    collections,
    columnsFinished: deps.columnsFinished,
    setFinished: deps.setFinished,
    restoreSlots: deps.restoreSlots,
    cancelMs: deps.cancelMs,
  });
  const begin = (): void => {
    const { catalog } = useModels.getState();
    if (catalog && !useEvaluate.getState().recipe) useEvaluate.setState({ recipe: initialRecipe(catalog) });
  };
  const estimates = watchEvaluateEstimate(deps.slots, collections);
  const load = (): void => void runner.load();
  const stops = [
    keepEvaluate(deps.local),
    useModels.subscribe(begin),
    useCollection.subscribe((now, before) => {
      if (now.summary !== before.summary || now.state !== before.state) load();
    }),
    useEvaluate.subscribe((now, before) => {
      if (now.recipe !== before.recipe) load();
    }),
    // Another BM25 finds other candidates: the corpus is indexed anew.
    useSettings.subscribe((now, before) => {
      if (now.bm25 !== before.bm25 && useCollection.getState().summary?.kind === 'collection')
        void collections.reopen();
    }),
    estimates.stop,
    watchShapes(deps.fetchJson, deps.filesOf),
  ];
  /** What is dropped meanwhile would end it. */
  const isBusy = (): boolean => {
    const busy = useEvaluate.getState().state === 'running';
    if (busy) notify('info', 'An evaluation is running: stop it before you open other data.');
    return busy;
  };
  begin();
  let shown = false;
  return {
    collections,
    show() {
      if (!shown) {
        void collections.restore();
        loadPresets(deps.fetchJson).catch((error: unknown) =>
          notify('warning', `The presets cannot be read: ${toErrorData(error).message}`),
        );
      }
      shown = true;
    },
    openLocal(local) {
      if (!isBusy()) void collections.openLocal(local);
    },
    openSample(id) {
      if (!isBusy()) void collections.openSample(id);
    },
    chooseSplit: (split) => void collections.chooseSplit(split),
    cancelOpening: () => collections.cancel(),
    closeData: () => void collections.close(),
    async run() {
      const { catalog } = useModels.getState();
      const rows = rankedRows(useEvaluate.getState().recipe?.rows ?? []);
      const services = catalog?.filter(
        ({ id, remote }) => remote && rows.some((row) => row.checkpoint === id),
      );
      if (services?.length) {
        try {
          // What is left for them may have changed since it was worked out last.
          const remote = (await estimates.now())?.remote ?? [];
          if (remote.length > 0) await consent(remote, { what: 'The queries and their candidates are' });
        } catch (error) {
          if (!isAbort(error)) notify('error', toErrorData(error).message);
          return;
        }
      }
      runner.start();
    },
    stop: () => runner.stop(),
    openQuery(place, rows) {
      const { signal } = new AbortController();
      return runner
        .borrow((ranker) =>
          openQuery(place, rows, { collections, ranker, open: deps.openRecordingFile }, signal),
        )
        .catch((error) => {
          if (isAbort(error)) return false;
          notify('error', `The query cannot be opened: ${toErrorData(error).message}`);
          return false;
        });
    },
    finished: () => runner.finished,
    makeRoom: () => runner.makeRoom(),
    leave: () => void runner.flush(),
    end() {
      runner.stop();
      for (const stop of stops) stop();
      collections.stop();
    },
  };
}

let current: Evaluation | undefined;

export function installEvaluation(real: Evaluation | undefined): void {
  current = real;
}

function real(): Evaluation {
  if (!current) throw new Error('The evaluation has not been started: call startPlayground() first.');
  return current;
}

export const evaluation: Evaluation = {
  show: () => real().show(),
  openLocal: (local) => real().openLocal(local),
  openSample: (id) => real().openSample(id),
  chooseSplit: (split) => real().chooseSplit(split),
  cancelOpening: () => real().cancelOpening(),
  closeData: () => real().closeData(),
  run: () => real().run(),
  stop: () => real().stop(),
  openQuery: (place, rows) => real().openQuery(place, rows),
};
