/**
 * Starts the page's state: called once, before the first render. What localStorage holds is there
 * when it returns; the rest (large corpora, results, models) arrives in the background.
 */

import { RankscopeError, toErrorData } from '../errors.ts';
import { AnswerCache, type AnswerNews } from '../storage/answers.ts';
import { soleCopy, WorkingCopy } from '../storage/copies.ts';
import { indexedDbRecords } from '../storage/database.ts';
import { memoryTextStore, type TextStore } from '../storage/local.ts';
import { type Records, resilient } from '../storage/records.ts';
import { type TabChannel, tabChannel } from '../storage/tab-channel.ts';
import { CollectionClient, type CollectionWorker } from '../workers/collection-client.ts';
import { convertInWorker } from '../workers/convert-client.ts';
import { DownloadClient } from '../workers/download-client.ts';
import type { BlobFile } from '../workers/download-protocol.ts';
import { RetrievalClient } from '../workers/retrieval-client.ts';
import { ScorerClient } from '../workers/scorer-client.ts';
import type { RetrievalWorker, ScorerSlot, ScorerWorker } from '../workers/types.ts';
import { useCorpus } from './corpus/corpus.ts';
import { Indexer } from './corpus/indexer.ts';
import { useQuery } from './corpus/query.ts';
import { restoreDuels } from './duel.ts';
import { createEvaluation, installEvaluation, type StartedEvaluation } from './evaluate/evaluation.ts';
import { useGrades } from './grades.ts';
import { startInBrowser } from './hosting/page-service.ts';
import { type Asking, createAsking, installAsking } from './inspector/asking.ts';
import { restoreDrawerSize } from './inspector/drawer-size.ts';
import { agreedDevices } from './models/agreed-devices.ts';
import { type FetchJson, fetchJson, readModels } from './models/catalog.ts';
import { watchFitting } from './models/fitting.ts';
import { Librarian } from './models/librarian.ts';
import { installLibrary } from './models/library.ts';
import { deviceWish, embeddedFor, entryFor, ModelSlots } from './models/model-slots.ts';
import { useModels } from './models/models.ts';
import { useNeeded } from './models/needed.ts';
import {
  dtypesFor,
  hasGpu,
  isSettled,
  letGoOfDeleted,
  wantsStored,
  watchStored,
  withStored,
} from './models/stored-models.ts';
import { notify } from './notices.ts';
import { installPlayground, type Playground } from './playground.ts';
import { QuerySetRunner } from './query-set/runner.ts';
import { datedRecordingOf, decisionsJsonOf, trecIdsNote, trecRunOf } from './readings/exports.ts';
import { watchTimings } from './readings/timings.ts';
import { watchLinks } from './recording/linked.ts';
import { backToWork, type OpenFile, wholeColumns } from './recording/opened.ts';
import { watchReplay } from './recording/replay.ts';
import { letGoOfRemote, restoreRemote, withRemote } from './remote/remote.ts';
import type { Schedule } from './run/frames.ts';
import { watchForecasts } from './run/look-ahead.ts';
import { Opening, offerFirstSample } from './run/opening.ts';
import { Orchestrator } from './run/orchestrator.ts';
import { watchPromptLengths } from './run/prompt-lengths.ts';
import { useRun } from './run/run.ts';
import type { Removed } from './saved/merge-grades.ts';
import { Persistence } from './saved/persistence.ts';
import { useSettings } from './settings.ts';
import { restoreTour } from './tour.ts';

/** Longer than between two keystrokes. */
const LOOK_AHEAD_MS = 300;

/** Everything outside the stores; tests give their own. */
export interface PlaygroundParts {
  readonly scorer: (slot: ScorerSlot) => ScorerWorker;
  readonly retrieval: () => RetrievalWorker;
  /** Absent: nothing can be opened on the Evaluate screen. */
  readonly collection?: () => CollectionWorker;
  readonly local: TextStore;
  readonly records: Records;
  /** This tab's own part of what is stored; absent: there are no other tabs. */
  readonly copy?: WorkingCopy;
  /** To the other tabs. */
  readonly channels?: { readonly answers: TabChannel<AnswerNews>; readonly grades: TabChannel<Removed> };
  readonly fetchJson: FetchJson;
  /** Reads a file of recordings; absent: in a worker. */
  readonly openRecordingFile?: OpenFile;
  /** Models in the browser's storage; absent: there are none. */
  readonly library?: StoredLibrary;
  /** Absolute address of public/models/. */
  readonly modelsUrl: string;
  readonly schedule?: Schedule;
  readonly cancelMs?: number;
  /** How long inputs rest before what a run would take is looked up; Infinity: it is not. */
  readonly lookAheadMs?: number;
}

export interface StoredLibrary {
  /** Sees what is stored; asks no other host. */
  open(): Promise<void>;
  files(id: string): Promise<readonly BlobFile[]>;
}

export interface StartedPlayground extends Playground {
  /** Settles when stored results and the lists of models and samples have been read. */
  readonly restored: Promise<void>;
  readonly orchestrator: Orchestrator;
  readonly persistence: Persistence;
  readonly asking: Asking;
  readonly evaluation: StartedEvaluation;
  /** Ends workers and watchers. */
  stop(): void;
}

/** Starts the page's playground with the real workers and the browser's storage. */
export function startPlayground(): StartedPlayground {
  const local = browserStore(
    () => localStorage,
    'This browser does not let the page keep settings and texts: they last until the page is closed.',
  );
  const librarian = new Librarian({
    worker: new DownloadClient(),
    fetchJson,
    local,
    // Absent outside secure contexts.
    persist: async () => (navigator.storage as StorageManager | undefined)?.persist(),
    convert: convertInWorker,
    dtypesFor: (bytes) => dtypesFor(bytes, hasGpu()),
  });
  const started = createPlayground({
    library: librarian,
    scorer: (slot) => new ScorerClient(slot),
    retrieval: () => new RetrievalClient(),
    collection: () => new CollectionClient(),
    local,
    copy: new WorkingCopy({
      local,
      session: browserStore(() => sessionStorage),
      locks: navigator.locks as typeof navigator.locks | undefined,
    }),
    channels: { answers: tabChannel('answers'), grades: tabChannel('grades') },
    records: resilient(indexedDbRecords(), (message) => notify('warning', message)),
    fetchJson,
    modelsUrl: new URL('models/', document.baseURI).href,
  });
  installPlayground(started);
  installAsking(started.asking);
  installEvaluation(started.evaluation);
  installLibrary(librarian);
  addEventListener('online', () => librarian.online());
  whenLoaded(() => void librarian.open());
  restoreTour(local);
  restoreDrawerSize(local);
  restoreDuels(local);
  watchLinks();
  if (import.meta.env.PROD) startInBrowser(notify);
  const leave = (): void => {
    started.persistence.writeSmall();
    if (useRun.getState().active) void started.persistence.writeRun();
    started.evaluation.leave();
  };
  addEventListener('storage', ({ key }) => {
    if (key === 'rankscope.grades') started.persistence.takeGrades();
  });
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
  });
  return started;
}

/** Once both columns have their models the machine has time to see what else is stored, for their menus. */
function whenLoaded(then: () => void): void {
  const stop = useModels.subscribe(({ slots }) => {
    if (!Object.values(slots).every(({ status }) => status === 'ready' || status === 'error')) return;
    stop();
    then();
  });
}

/** A store of the browser's, or memory where it forbids even looking at it. */
function browserStore(open: () => TextStore | undefined, warning?: string): TextStore {
  try {
    const store = open();
    if (store) return store;
  } catch {
    // Blocked: reading the property alone throws.
  }
  if (warning) notify('warning', warning);
  return memoryTextStore();
}

export function createPlayground(parts: PlaygroundParts): StartedPlayground {
  const answers = new AnswerCache(parts.records, undefined, parts.channels?.answers);
  const { copy = soleCopy(parts.local) } = parts;
  const persistence = new Persistence(
    parts.local,
    parts.records,
    answers,
    copy,
    parts.channels?.grades,
    parts.openRecordingFile,
  );
  let catalogRead: Promise<void> = Promise.resolve();
  const { library } = parts;
  const slots = new ModelSlots(
    parts.scorer,
    parts.modelsUrl,
    () => catalogRead,
    agreedDevices(parts.local),
    library && ((id) => library.files(id)),
  );
  const indexer = new Indexer(parts.retrieval, parts.fetchJson);
  const { schedule, cancelMs, lookAheadMs = LOOK_AHEAD_MS } = parts;
  const orchestrator: Orchestrator = new Orchestrator({
    slots,
    indexer,
    answers,
    makeRoom: async () => {
      await Promise.all([querySet.makeRoom(), evaluation.makeRoom()]);
    },
    schedule,
    cancelMs,
  });

  const { first } = persistence.restoreSmall();
  restoreRemote(parts.local);
  const wantModels = (): void => {
    const { catalog } = useModels.getState();
    const settings = useSettings.getState();
    const { columns, lesson } = useNeeded.getState();
    if (!columns) {
      // A ranking that goes on behind a lesson keeps its models.
      if (!catalog || useRun.getState().active) return;
      for (const slot of lesson) {
        const entry = embeddedFor(slot, catalog);
        if (entry) slots.want(slot, { entry, ...deviceWish(settings) });
      }
      return;
    }
    // The chosen model may be a stored one: nothing is loaded in its place meanwhile.
    if (library && !isSettled()) return;
    for (const slot of ['teacher', 'student'] as const) {
      const entry = catalog && entryFor(slot, settings, catalog);
      if (entry) slots.want(slot, { entry, ...deviceWish(settings) });
    }
  };
  const querySet: QuerySetRunner = new QuerySetRunner({
    slots,
    indexer,
    answers,
    columnsFinished: () => orchestrator.finished,
    restoreSlots: wantModels,
    cancelMs,
  });
  const evaluation: StartedEvaluation = createEvaluation({
    slots,
    answers,
    records: parts.records,
    local: parts.local,
    fetchJson: parts.fetchJson,
    worker: parts.collection ?? noCollections,
    filesOf: library && ((id) => library.files(id)),
    columnsFinished: () => orchestrator.finished,
    setFinished: () => querySet.finished,
    openRecordingFile: parts.openRecordingFile,
    restoreSlots: wantModels,
    cancelMs,
  });
  const readCatalog = async (): Promise<void> => {
    try {
      const [embedded] = await Promise.all([
        readModels(parts.fetchJson),
        wantsStored() ? library?.open() : undefined,
      ]);
      const catalog = withRemote(withStored(embedded));
      letGoOfRemote();
      useModels.setState({ catalog, catalogError: null });
      letGoOfDeleted(catalog);
      wantModels();
    } catch (error) {
      useModels.setState({ catalogError: toErrorData(error) });
    }
  };
  /** A run after the catalogue could not be read is a new attempt at it. */
  const begin = (run: () => void): void => {
    if (useModels.getState().catalogError) catalogRead = readCatalog();
    run();
  };
  /** What ranks goes on from the user's own columns, not from a recording's. */
  const beginOwn = (run: () => void): void => {
    backToWork();
    begin(run);
  };
  const markStale = (): void => {
    orchestrator.markStale();
    querySet.markStale();
  };
  const stops = [
    indexer.watch(),
    watchFitting(),
    watchPromptLengths(slots),
    watchForecasts({ indexer, answers }, lookAheadMs),
    watchTimings(),
    watchReplay(),
    useRun.subscribe((now, before) => {
      if (before.aside && !now.aside) markStale();
      if (before.active && !now.active) wantModels();
    }),
    persistence.watch(),
    querySet.watch(),
    watchStored(wantModels),
    useNeeded.subscribe(wantModels),
    useSettings.subscribe(wantModels),
    useSettings.subscribe(markStale),
    useCorpus.subscribe(markStale),
    useQuery.subscribe(markStale),
  ];
  catalogRead = readCatalog();
  const opening = new Opening(2);
  const arrive = (): void => opening.arrive();
  const restored = Promise.all([
    catalogRead,
    indexer.loadSampleList().then(() => (first ? offerFirstSample(arrive) : arrive())),
    persistence.restoreLarge().then(markStale).finally(arrive),
  ]).then(() => {});

  const asking = createAsking({
    slots,
    ranking: () => useRun.getState().active,
    makeRoom: async () => {
      await Promise.all([querySet.makeRoom(), evaluation.makeRoom()]);
    },
  });

  return {
    restored,
    asking,
    evaluation,
    orchestrator,
    persistence,
    rank: () => beginOwn(() => opening.run(() => orchestrator.rank())),
    race: () => beginOwn(() => opening.run(() => orchestrator.race())),
    cancel: () => {
      opening.cancel();
      orchestrator.cancel();
    },
    resume: (column) => beginOwn(() => orchestrator.resume(column)),
    measureAgain: () => beginOwn(() => orchestrator.measureAgain()),
    rankAll: () =>
      begin(() => {
        querySet.start();
        void evaluation.makeRoom();
      }),
    cancelAll: () => querySet.cancel(),
    confirm: () => orchestrator.confirm(),
    rankShorter: (settings) => begin(() => orchestrator.rankShorter(settings)),
    dismissConfirmation: () => useRun.setState({ needsConfirmation: null }),
    dismissMessage: () => useRun.setState({ message: null }),
    retryModel: (slot) => {
      if (useModels.getState().catalog) slots.restart(slot);
      else catalogRead = readCatalog();
    },
    retryCorpus: () => void indexer.index().catch(() => {}),
    trecRun: () => {
      const text = trecRunOf(wholeColumns());
      const note = trecIdsNote(wholeColumns());
      if (note !== undefined) notify('info', note);
      return text;
    },
    decisionsJson: () => decisionsJsonOf(wholeColumns(), useGrades.getState().table),
    shared: () =>
      datedRecordingOf(wholeColumns(), useGrades.getState().table, useCorpus.getState().textHashes),
    stop: () => {
      orchestrator.cancel();
      querySet.cancel();
      evaluation.end();
      for (const stop of stops) stop();
      slots.release('teacher');
      slots.release('student');
      indexer.stop();
    },
  };
}

function noCollections(): never {
  throw new RankscopeError('missing', 'Data cannot be opened here.');
}
