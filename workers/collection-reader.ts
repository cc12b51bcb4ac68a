/** Reads a test collection into memory: what of it is searched, listed and judged. */
import { type RankscopeError, throwIfCancelled } from '../src/errors.ts';
import {
  type CollectionPlan,
  countedAs,
  defaultSplit,
  planCollection,
} from '../src/formats/collection/plan.ts';
import { readCounts } from '../src/formats/counts.ts';
import { readTrainingValue } from '../src/formats/distill.ts';
import { badInput, counted, excerpt } from '../src/formats/excerpt.ts';
import { readHitsValue } from '../src/formats/hits.ts';
import { readQrels } from '../src/formats/qrels.ts';
import { readQueries } from '../src/formats/queries.ts';
import { isOwnTag, restoreIds } from '../src/formats/run-ids.ts';
import { readTrecRuns } from '../src/formats/runs.ts';
import type { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { buildIndex } from '../src/retrieval/build.ts';
import { Slices } from '../src/retrieval/slices.ts';
import type { Bm25Params } from '../src/retrieval/types.ts';
import { textHash } from '../src/text-hash.ts';
import type { Candidate, Passage, Qrels, Query, Run } from '../src/types.ts';
import type {
  CollectionProgress,
  CollectionSource,
  CollectionSummary,
  OpenedRun,
  RecognisedFile,
} from '../src/workers/collection-protocol.ts';
import { CollectionFiles } from './collection-files.ts';
import { readCorpus } from './retrieval-read.ts';

export type OnProgress = (progress: CollectionProgress) => void;

/** What is open. */
export interface Opened {
  readonly summary: CollectionSummary;
  readonly qrels: Qrels;
  readonly queries: ReadonlyMap<string, string>;
  readonly index?: Bm25Index;
  readonly byId?: ReadonlyMap<string, Passage>;
  readonly runs: ReadonlyMap<string, Run>;
  readonly lists?: ReadonlyMap<string, readonly Candidate[]>;
  readonly counts?: ReadonlyMap<string, number>;
}

interface Passages {
  readonly passages: readonly Passage[];
  readonly notices: readonly string[];
}

export async function openSample(
  { name, passages, queries }: Extract<CollectionSource, { readonly kind: 'sample' }>,
  bm25: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Opened> {
  const judged = queries.filter(({ grades }) => Object.values(grades).some((grade) => grade > 0));
  const qrels = new Map(judged.map(({ id, grades }) => [id, new Map(Object.entries(grades))]));
  const index = await indexed(passages, bm25, signal, onProgress);
  const files = [
    { path: 'passages', kind: 'corpus' as const, content: countedAs('corpus', passages.length) },
    { path: 'queries', kind: 'queries' as const, content: countedAs('queries', judged.length) },
  ];
  return collectionOf(
    { kind: 'collection', name, files, splits: [], split: '', runs: [], notices: [] },
    judged.map(({ id, text }) => ({ id, text })),
    qrels,
    { passages, index, runs: new Map(), fingerprint: await fingerprintOf(passages, signal) },
  );
}

/** @throws RankscopeError 'bad-input' with file, line and reason, 'cancelled' */
export async function openFiles(
  source: Exclude<CollectionSource, { readonly kind: 'sample' }>,
  wanted: string | undefined,
  bm25: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Opened> {
  onProgress({ phase: 'reading', done: 0, total: 0 });
  const files = await CollectionFiles.open(source, signal);
  const plan = planCollection(
    source.name,
    files.list.flatMap(({ path, kind }) => (kind ? [{ path, kind }] : [])),
  );
  const reader = new Reader(source.name, files, plan, wanted, signal, onProgress);
  if (plan.kind === 'runs') return reader.runs();
  if (plan.kind === 'hits') return reader.hits();
  return reader.collection(bm25);
}

/** Reads the files of a plan: small ones first, so that what is wrong in them is known before a large corpus is read. */
class Reader {
  readonly #name: string;
  readonly #files: CollectionFiles;
  readonly #plan: CollectionPlan;
  readonly #split: string;
  readonly #signal: AbortSignal;
  readonly #onProgress: OnProgress;
  readonly #contents = new Map<string, string>();
  readonly #notices: string[] = [];
  #popularity: CollectionSummary['popularity'];

  constructor(
    name: string,
    files: CollectionFiles,
    plan: CollectionPlan,
    wanted: string | undefined,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    this.#name = name;
    this.#files = files;
    this.#plan = plan;
    this.#split =
      wanted !== undefined && plan.splits.has(wanted) ? wanted : (defaultSplit(plan.splits.keys()) ?? '');
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  async runs(): Promise<Opened> {
    const qrels = await this.#judgments();
    const runs = await this.#readRuns(qrels);
    const found = [...qrels.keys()].filter((query) => [...runs.values()].some((run) => run.has(query)));
    if (found.length === 0)
      throw this.#strangers(
        [...runs.values()].flatMap((run) => [...run.keys()]),
        qrels,
      );
    const queries = found.map((id) => ({ id, text: '' }));
    const missing = qrels.size - found.length;
    if (missing > 0) {
      this.#notices.push(
        `${counted(missing, 'judged query is', 'judged queries are')} in none of the runs and not counted.`,
      );
    }
    const fingerprint = textHash(JSON.stringify([...runs].map(([name, run]) => [name, run.size])));
    return collectionOf(this.#about('runs', runs), queries, qrels, { passages: [], runs, fingerprint });
  }

  async hits(): Promise<Opened> {
    const qrels = this.#split === '' ? undefined : await this.#judgments();
    await this.#readPopularity();
    const lists = new Map<string, readonly Candidate[]>();
    const queries: Query[] = [];
    let [passages, foreign] = [0, 0];
    const hash: string[] = [];
    for (const path of this.#plan.hits) {
      this.#onProgress({ phase: 'reading', file: path, done: 0, total: 0 });
      let index = 0;
      await this.#files.eachValue(
        path,
        (value) => {
          const isTraining =
            typeof value.value === 'object' && value.value !== null && 'retrieved_passages' in value.value;
          const { query, candidates } = (isTraining ? readTrainingValue : readHitsValue)(
            value,
            index++,
            path,
          );
          if (lists.has(query.id)) {
            throw badInput(
              path,
              value.line,
              `the query id ${excerpt(query.id)} was used before; ids must be unique. Rename one.`,
            );
          }
          if (query.text.trim() === '')
            throw badInput(path, value.line, 'the query is empty. Write one or remove it.');
          if (qrels && !qrels.has(query.id)) {
            foreign++;
            return;
          }
          lists.set(query.id, candidates);
          queries.push(query);
          passages += candidates.length;
          hash.push(
            textHash(
              `${query.text}\n${candidates.map(({ passage }) => `${passage.id}\t${passage.text}`).join('\n')}`,
            ),
          );
        },
        this.#signal,
      );
      this.#contents.set(path, countedAs('hits', index));
    }
    if (queries.length === 0) {
      if (qrels && foreign > 0)
        throw badInput(
          this.#plan.splits.get(this.#split)!,
          undefined,
          'it judges none of the queries of the hits. Give the judgments of these queries.',
        );
      throw badInput(this.#plan.hits[0]!, undefined, 'it has no queries.');
    }
    if (foreign > 0)
      this.#notices.push(`${counted(foreign, 'query', 'queries')} without judgments left out.`);
    if (!qrels)
      this.#notices.push(
        'There are no judgments: the table shows costs and agreement, no measures. Drop qrels to add them.',
      );
    const judged = qrels && new Map(queries.map(({ id }) => [id, qrels.get(id)!]));
    const runs = qrels ? await this.#readRuns(qrels) : new Map<string, Run>();
    const about = this.#about('hits', runs);
    const opened = collectionOf(about, queries, judged ?? new Map(), {
      passages: [],
      runs,
      fingerprint: textHash(hash.join()),
    });
    const most = Math.max(...[...lists.values()].map(({ length }) => length));
    return { ...opened, lists, summary: { ...opened.summary, passages, mostCandidates: most } };
  }

  async collection(bm25: Bm25Params): Promise<Opened> {
    const { queries: queriesFile = '', corpus = '' } = this.#plan;
    const all = readQueries(await this.#read(queriesFile), queriesFile);
    this.#contents.set(queriesFile, countedAs('queries', all.length));
    const judgments = await this.#judgments();
    await this.#readPopularity();
    const ids = new Set(all.map(({ id }) => id));
    const unknown = [...judgments.keys()].filter((id) => !ids.has(id));
    const judgmentsFile = this.#plan.splits.get(this.#split)!;
    const queries = all.filter(({ id }) => judgments.has(id));
    if (queries.length === 0)
      throw badInput(
        judgmentsFile,
        undefined,
        `it judges none of the queries of ${queriesFile}, e.g. ${excerpt(unknown[0] ?? '')}. Give the judgments of these queries.`,
      );
    if (unknown.length > 0) {
      this.#notices.push(
        `${judgmentsFile} judges ${counted(unknown.length, 'query', 'queries')} that ${queriesFile} lacks, e.g. ${excerpt(unknown[0]!)}; ${unknown.length === 1 ? 'it is' : 'they are'} left out.`,
      );
    }
    const qrels = new Map(queries.map(({ id }) => [id, judgments.get(id)!]));
    const runs = await this.#readRuns(qrels);
    const { passages, notices } = await this.#corpus(corpus);
    this.#notices.push(...notices);
    const known = new Set(passages.map(({ id }) => id));
    const judged = [...qrels.values()].flatMap((grades) => [...grades.keys()]);
    const absent = judged.filter((id) => !known.has(id)).length;
    if (absent === judged.length)
      throw badInput(
        judgmentsFile,
        undefined,
        `none of the passages it judges, e.g. ${excerpt(judged[0] ?? '')}, is in ${corpus}. Do corpus and judgments belong together?`,
      );
    if (absent > 0)
      this.#notices.push(
        `${counted(absent, 'judged passage is', 'judged passages are')} not in ${corpus}: no ranking can find ${absent === 1 ? 'it' : 'them'}, and the measures count ${absent === 1 ? 'it' : 'them'}.`,
      );
    const index = await indexed(passages, bm25, this.#signal, this.#onProgress);
    const fingerprint = textHash(
      `${await fingerprintOf(passages, this.#signal)}|${textHash(JSON.stringify(queries))}`,
    );
    return collectionOf(this.#about('collection', runs), queries, qrels, {
      passages,
      index,
      runs,
      fingerprint,
    });
  }

  async #corpus(path: string): Promise<Passages> {
    const source = await this.#files.blob(path, this.#signal);
    const isJsonLines = /\.(jsonl|ndjson)(\.gz)?$/i.test(path);
    const read = await readCorpus(
      {
        source,
        fileName: path,
        format: isJsonLines ? 'jsonl' : 'auto',
        params: {} as Bm25Params,
        skipBadLines: true,
      },
      this.#signal,
      ({ phase, done, total }) => this.#onProgress({ phase, file: path, done, total }),
    );
    const [problem] = read.problems;
    if (problem) {
      const more = read.problemCount - 1;
      const others = more > 0 ? ` ${counted(more, 'more line')} cannot be read either.` : '';
      throw badInput(path, problem.line, `${problem.message}${others}`);
    }
    if (read.generatedIds > 0) {
      throw badInput(
        path,
        undefined,
        `${counted(read.generatedIds, 'passage')} of ${read.passages.length.toLocaleString('en')} have no id, by which judgments name passages. Write id<TAB>text, or use JSON lines with “_id”.`,
      );
    }
    this.#contents.set(path, countedAs('corpus', read.passages.length));
    const told = read.notices.filter(({ code }) => !['single', 'identical'].includes(code));
    return { passages: read.passages, notices: told.map(({ message }) => `${path}: ${message}`) };
  }

  async #judgments(): Promise<Qrels> {
    const path = this.#plan.splits.get(this.#split)!;
    const qrels = readQrels(await this.#read(path), path);
    if (qrels.size === 0) throw badInput(path, undefined, 'it has no judgments.');
    this.#contents.set(path, countedAs('qrels', qrels.size));
    return qrels;
  }

  /** Runs by name: the tag, with the file where two have the same. Queries that are not judged are let go of. */
  async #readRuns(qrels: Qrels): Promise<Map<string, Run>> {
    const runs = new Map<string, Run>();
    for (const path of this.#plan.runs) {
      const tags = readTrecRuns(await this.#read(path), path);
      if (tags.size === 0) throw badInput(path, undefined, 'it has no lines.');
      let judgedOf = 0;
      for (const [tag, written] of tags) {
        const run = isOwnTag(tag) ? restoreIds(written, qrels).run : written;
        const judged = new Map([...run].filter(([query]) => qrels.has(query)));
        judgedOf = Math.max(judgedOf, judged.size);
        const file = path.split('/').at(-1)!;
        runs.set(runs.has(tag) ? `${tag} (${file})` : tag, judged);
      }
      if (judgedOf === 0)
        throw this.#strangers(
          [...tags.values()].flatMap((run) => [...run.keys()]),
          qrels,
          path,
        );
      this.#contents.set(path, countedAs('run', judgedOf));
    }
    return runs;
  }

  async #readPopularity(): Promise<void> {
    const { counts: path } = this.#plan;
    if (path === undefined) return;
    const counts = readCounts(await this.#read(path), path);
    this.#contents.set(path, countedAs('counts', counts.size));
    this.#popularity = [...counts];
  }

  #strangers(queries: readonly string[], qrels: Qrels, path = this.#plan.runs[0]!): RankscopeError {
    return badInput(
      path,
      undefined,
      `none of its queries, e.g. ${excerpt(queries[0] ?? '')}, is judged in ${this.#plan.splits.get(this.#split)}, which judges ${excerpt([...qrels.keys()][0] ?? '')} …. Give the judgments of this run’s queries.`,
    );
  }

  #read(path: string): Promise<string> {
    this.#onProgress({ phase: 'reading', file: path, done: 0, total: 0 });
    return this.#files.text(path, this.#signal);
  }

  #about(kind: CollectionSummary['kind'], runs: ReadonlyMap<string, Run>): About {
    const read = new Map(this.#contents);
    const files: RecognisedFile[] = this.#files.list.map((file) => ({
      ...file,
      content: read.get(file.path),
    }));
    return {
      kind,
      name: this.#name.replace(/\.zip$/i, ''),
      files,
      splits: [...this.#plan.splits.keys()],
      split: this.#split,
      runs: [...runs].map(
        ([name, run]): OpenedRun => ({
          name,
          entries: [...run].map(([query, entries]) => [
            query,
            entries.map(({ id }) => id),
            entries.map(({ score }) => score),
          ]),
        }),
      ),
      popularity: this.#popularity,
      notices: this.#notices,
    };
  }
}

type About = Pick<
  CollectionSummary,
  'kind' | 'name' | 'files' | 'splits' | 'split' | 'runs' | 'popularity' | 'notices'
>;

function collectionOf(
  about: About,
  queries: readonly Query[],
  qrels: Qrels,
  {
    passages,
    index,
    runs,
    fingerprint,
  }: {
    readonly passages: readonly Passage[];
    readonly index?: Bm25Index;
    readonly runs: ReadonlyMap<string, Run>;
    readonly fingerprint: string;
  },
): Opened {
  return {
    summary: {
      ...about,
      fingerprint,
      passages: passages.length,
      queries,
      qrels: [...qrels].map(([query, grades]) => [query, [...grades]]),
      mostCandidates: null,
    },
    qrels,
    queries: new Map(queries.map(({ id, text }) => [id, text])),
    index,
    byId:
      runs.size > 0 || about.popularity
        ? new Map(passages.map((passage) => [passage.id, passage]))
        : undefined,
    runs,
    counts: about.popularity && new Map(about.popularity),
  };
}

function indexed(
  passages: readonly Passage[],
  params: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Bm25Index> {
  const total = passages.length;
  return buildIndex(passages, params, {
    signal,
    onProgress: (done) => onProgress({ phase: 'indexing', done, total }),
  });
}

/** A name for all ids and texts, in their order. */
async function fingerprintOf(passages: readonly Passage[], signal: AbortSignal): Promise<string> {
  const slices = new Slices();
  let hash = '';
  for (const { id, title = '', text } of passages) {
    hash = textHash(`${hash}\n${id}\n${title}\n${text}`);
    if (slices.over()) await slices.pause();
    throwIfCancelled(signal);
  }
  return hash;
}
