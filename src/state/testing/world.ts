/** A whole page's state over fake workers, from clean stores. */
import { memoryTextStore, type TextStore } from '../../storage/local.ts';
import { memoryRecords, type Records } from '../../storage/records.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { emptyCorpus, useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { noCollection, useCollection } from '../evaluate/collection.ts';
import { initialEvaluate, useEvaluate } from '../evaluate/store.ts';
import { useGrades } from '../grades.ts';
import { emptySlot, useModels } from '../models/models.ts';
import { useNotices } from '../notices.ts';
import { initialQuerySet, useQuerySet } from '../query-set/store.ts';
import { useTimings } from '../readings/timings.ts';
import { useConsent } from '../remote/consent.ts';
import { useRemote } from '../remote/remote.ts';
import { usePromptLengths } from '../run/estimate.ts';
import { noForecasts, useForecasts } from '../run/forecasts.ts';
import {
  type ColumnId,
  type ComparingRun,
  columnOf,
  type FirstStageRun,
  initialRun,
  type PointwiseRun,
  useRun,
} from '../run/run.ts';
import { initialSettings, useSettings } from '../settings.ts';
import { createPlayground, type PlaygroundParts, type StartedPlayground } from '../start.ts';
import { FakeCollections, type FakeControls, FakeRetrieval, FakeScorerWorker } from './fakes.ts';

export const TEXT = `red apple
a green apple that is longer than the red one
yellow banana and a small apple
an apple pie recipe with cinnamon and much more text than the others have
nothing of the kind`;

export const MODELS = {
  version: 1,
  models: [
    { id: 'teacher', role: 'teacher', name: 'Teacher', path: 'demo-teacher/', bytes: 10 },
    { id: 'student', role: 'student', name: 'Student', path: 'demo-student/', bytes: 10 },
  ],
};

export const SAMPLE = {
  id: 'fruit',
  title: 'Fruit',
  passages: [
    { id: 'p01', title: 'Apple', text: 'An apple is red.' },
    { id: 'p02', title: 'Pear', text: 'A pear is not an apple.' },
    { id: 'p03', text: 'Grapes grow in bunches.' },
  ],
  queries: [{ id: 'q-apple', text: 'red apple', grades: { p01: 3, p02: 1 } }],
};

export interface World extends StartedPlayground {
  readonly log: string[];
  readonly controls: Record<ScorerSlot, FakeControls>;
  /** Every scorer worker ever made, oldest first. */
  readonly workers: FakeScorerWorker[];
  readonly retrieval: FakeRetrieval;
  readonly local: TextStore;
  readonly records: Records;
  /** Newest worker of a slot. */
  worker(slot: ScorerSlot): FakeScorerWorker;
}

export interface WorldOptions {
  readonly local?: TextStore;
  readonly records?: Records;
  readonly files?: Readonly<Record<string, unknown>>;
  /** Called while a file is being fetched. */
  readonly onFetch?: (path: string) => void;
  readonly controls?: Partial<Record<ScorerSlot, FakeControls>>;
  /** Parts in place of the fakes, e.g. real clients. */
  readonly parts?: Partial<PlaygroundParts>;
}

export function resetStores(): void {
  // Most tests count what BM25 retrieves; those of filling up switch it on.
  useSettings.setState({ ...initialSettings, fill: false });
  useCorpus.setState({ ...emptyCorpus, source: { kind: 'none' }, index: { state: 'empty' } });
  useQuery.setState({ text: '', suggestions: [], own: false, kept: false });
  useModels.setState({
    catalog: null,
    catalogError: null,
    slots: { teacher: emptySlot, student: emptySlot },
    slowTexts: {},
  });
  useRun.setState(initialRun);
  useGrades.setState({ table: new Map(), past: [], future: [], canUndo: false, canRedo: false });
  useNotices.setState({ notices: [] });
  usePromptLengths.setState({ tokens: new Map() });
  useQuerySet.setState(initialQuerySet);
  useCollection.setState(noCollection);
  useEvaluate.setState(initialEvaluate);
  useRemote.setState({ services: [] });
  useConsent.setState({ asked: null });
  useForecasts.setState(noForecasts);
  useTimings.setState({ byRun: new Map() });
}

/** A page as it is after a (re)load: clean stores over the given storage. */
export function openWorld(options: WorldOptions = {}): World {
  resetStores();
  const log: string[] = [];
  const controls = { teacher: {}, student: {}, ...options.controls };
  const workers: FakeScorerWorker[] = [];
  const retrieval = new FakeRetrieval(log);
  const local = options.local ?? memoryTextStore();
  const records = options.records ?? memoryRecords();
  const index = {
    version: 1,
    samples: [
      { id: 'fruit', title: 'Fruit', description: '', file: 'fruit.json', passages: 3, queries: 1, bytes: 1 },
    ],
  };
  const files: Record<string, unknown> = {
    'models/index.json': MODELS,
    'samples/index.json': index,
    'samples/fruit.json': SAMPLE,
    ...options.files,
  };
  const started = createPlayground({
    scorer: (slot) => {
      const worker = new FakeScorerWorker(slot, controls[slot], log);
      workers.push(worker);
      return worker;
    },
    retrieval: () => retrieval,
    collection: () => new FakeCollections(),
    local,
    records,
    fetchJson: async (path) => {
      const file = files[path];
      await Promise.resolve();
      options.onFetch?.(path);
      if (file instanceof Error) throw file;
      return structuredClone(file);
    },
    modelsUrl: 'http://page/models/',
    schedule: (commit) => void setTimeout(commit, 0),
    cancelMs: 50,
    lookAheadMs: Number.POSITIVE_INFINITY,
    ...options.parts,
  });
  const worker = (slot: ScorerSlot): FakeScorerWorker => workers.filter((w) => w.slot === slot).at(-1)!;
  return { ...started, log, controls, workers, retrieval, local, records, worker };
}

/** A corpus and a query that three of its passages… four, in fact, have a word of. */
export async function openReady(options: WorldOptions = {}): Promise<World> {
  const world = openWorld(options);
  await world.restored;
  useCorpus.getState().setText(TEXT);
  useQuery.setState({ text: 'apple', suggestions: [], own: true });
  return world;
}

export async function until(what: () => boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error(`Still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A column with all that its run has, for tests to look at: as if it were one record, empty where there is nothing. */
export function column(id: ColumnId) {
  const { run, ...rest } = columnOf(useRun.getState(), id);
  return {
    ...NOTHING,
    ...(run as Partial<AnyRun> | null),
    candidates: run?.set.candidates ?? [],
    query: run?.set.query.text ?? '',
    queryId: run?.set.query.id ?? '',
    bm25: run?.set.firstStage?.bm25 ?? null,
    ...rest,
    run,
  };
}

type AnyRun = Omit<FirstStageRun, 'kind' | 'method'> &
  Omit<PointwiseRun, 'kind' | 'method'> &
  Omit<ComparingRun, 'kind' | 'method'> & {
    readonly method: FirstStageRun['method'] | PointwiseRun['method'];
  };

const NOTHING: Pick<
  AnyRun,
  'order' | 'scores' | 'scored' | 'ms' | 'asked' | 'cached' | 'tokens' | 'earlierMs' | 'truncations' | 'raced'
> & {
  readonly [Key in 'matrix' | 'planned' | 'totals' | 'method' | 'info' | 'template']: AnyRun[Key] | null;
} = {
  order: [],
  scores: [],
  scored: [],
  ms: 0,
  asked: 0,
  cached: 0,
  tokens: 0,
  earlierMs: 0,
  truncations: new Map(),
  raced: false,
  matrix: null,
  planned: null,
  totals: null,
  method: null,
  info: null,
  template: null,
};

export const settled = (): Promise<void> => until(() => !useRun.getState().active);
