/**
 * Queries and what the first stage finds for each: BM25 over a corpus, or a run over it. The corpus
 * lies in a BEIR folder or in a file of its own; everything is checked before the first search.
 */
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { badInput, counted, excerpt } from '../../src/formats/excerpt.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import { type KnownIds, restoreIds, trecId } from '../../src/formats/run-ids.ts';
import { buildIndex } from '../../src/retrieval/build.ts';
import { type QueryWords, wordsOf } from '../../src/retrieval/query.ts';
import type { Bm25Params } from '../../src/retrieval/types.ts';
import type { Candidate, Passage, Qrels, Query } from '../../src/types.ts';
import { isFolder, judgedQueries, openBeir, readQueriesFile, readSplit } from './beir.ts';
import { readCorpusFile } from './corpus.ts';
import { leftOutNote } from './identical-ids.ts';
import { readText } from './read-jobs.ts';
import { checkRunPassages, type RunFile, readRunFile } from './run-file.ts';

export interface SourceRequest {
  /** A BEIR folder, or a corpus file. */
  readonly input: string;
  /** Candidates a query. */
  readonly k: number;
  /** Needed where `input` is a file. */
  readonly queries?: string;
  /** BEIR: only the queries that qrels/<split>.tsv judges. */
  readonly split?: string;
  /** A file of judgments instead of a split. */
  readonly qrels?: string;
  /** True: a split is read also where none is named (`test`, or the only one). */
  readonly judged?: boolean;
  /** TREC run that takes the place of BM25. */
  readonly run?: string;
  /** Which of the run file's runs; absent: the only one. */
  readonly tag?: string;
  readonly bm25: Bm25Params;
  /** Passages that are kept beside those that the run names. */
  readonly also?: Iterable<string>;
  /** Fill BM25's lists up to k with passages that share no word with the query, marked as such. */
  readonly fill?: boolean;
  /** Only the first so many queries. */
  readonly limit?: number;
  readonly skipFaulty?: boolean;
  /** Passages with their query's own id stay among its candidates: see identical-ids.ts. */
  readonly keepIdenticalIds?: boolean;
  readonly signal?: { readonly aborted: boolean };
}

export interface Source {
  readonly name: string;
  readonly queries: readonly Query[];
  /** Judgments of the split, where one was read. */
  readonly qrels?: Qrels;
  readonly split?: string;
  readonly passages: number;
  /** Queries of whose candidates the passage with their own id is left out. */
  readonly identicalIds: number;
  /** Candidates of a query, best first, ranks from 1; [] where nothing was found. */
  search(query: Query): Candidate[];
  /** A passage of the corpus by its id; where a run takes BM25's place, only those that it names. */
  passage(id: string): Passage | undefined;
  /** The files that all of this was read from. */
  readonly files: readonly string[];
}

export interface SourceListener {
  notice?(text: string): void;
  /** Of the corpus: bytes. */
  reading?(done: number, total: number): void;
  indexing?(done: number, total: number): void;
}

/**
 * The queries that are searched for, and where everything lies; the corpus is not read.
 * @throws RankscopeError 'missing' or 'bad-input' with file, line and reason.
 */
export async function readSourceQueries(request: SourceRequest) {
  const files = await locate(request);
  const all = await readQueriesFile(files.queries);
  const judgments = files.judgments && (await files.judgments());
  const judged = judgments ? judgedQueries(all, files.queries, judgments) : all;
  if (judged.length === 0) {
    const reason = judgments ? `it judges none of the queries of ${files.queries}.` : 'it has no queries.';
    throw badInput(judgments?.file ?? files.queries, undefined, reason);
  }
  const queries = request.limit === undefined ? judged : judged.slice(0, request.limit);
  return { files, queries, judgments };
}

/** @throws RankscopeError 'missing', 'cancelled', or 'bad-input' with file, line and reason. */
export async function openSource(request: SourceRequest, listener: SourceListener = {}): Promise<Source> {
  // Small files first: what is wrong in them is known before a large corpus is read.
  const { files, queries, judgments } = await readSourceQueries(request);
  let run = request.run === undefined ? undefined : await readRunFile(request.run, request.tag);
  if (run?.isOwn) run = restored(run, queries, new Set());
  const isOut = (query: string, passage: string) =>
    !request.keepIdenticalIds && isIdentical(query, passage, judgments?.qrels);

  const corpus = await readCorpusFile(files.corpus, {
    skipFaulty: request.skipFaulty,
    needIds: judgments !== undefined || run !== undefined,
    // One more than is asked for, where the query itself may have to be left out.
    wanted: run ? namedBy(run, queries, request.k + 1, request.also) : undefined,
    signal: request.signal,
    onProgress: (done, total) => listener.reading?.(done, total),
  });
  if (request.signal?.aborted) throw new RankscopeError('cancelled', 'Interrupted.');
  for (const notice of corpus.notices) listener.notice?.(notice);
  const { passages } = corpus;
  let byId: ReadonlyMap<string, Passage> | undefined;
  const known = (): ReadonlyMap<string, Passage> => {
    byId ??= new Map(passages.map((passage) => [passage.id, passage]));
    return byId;
  };
  const common = {
    name: files.name,
    queries,
    qrels: judgments?.qrels,
    split: judgments?.split,
    passages: passages.length,
    passage: (id: string) => known().get(id),
    files: [files.corpus, files.queries, ...(judgments ? [judgments.file] : []), ...(run ? [run.file] : [])],
  };
  if (run) {
    const byId = known();
    if (run.isOwn) run = restored(run, queries, byId);
    const given = run.run;
    const own = queries.filter(({ id }) => given.get(id)?.some((entry) => isOut(id, entry.id)));
    if (own.length > 0) listener.notice?.(leftOutNote(run.file, own.length));
    const entries = new Map(
      queries.flatMap(({ id }) => {
        const list = given.get(id);
        return list ? [[id, list.filter((entry) => !isOut(id, entry.id))] as const] : [];
      }),
    );
    run = { ...run, run: entries };
    checkRunPassages(run, files.corpus, (id) => byId.has(id), queries, request.k);
    const missing = queries.filter(({ id }) => !entries.has(id)).length;
    if (missing === queries.length) {
      throw badInput(
        run.file,
        undefined,
        `it has no results for any of the ${counted(missing, 'query', 'queries')} of ${files.queries}, e.g. ${excerpt(queries[0]!.id)}. Do the queries belong to this run?`,
      );
    }
    if (missing > 0) {
      listener.notice?.(
        `${run.file} has no results for ${counted(missing, 'query', 'queries')}, which get no candidates.`,
      );
    }
    return {
      ...common,
      identicalIds: own.length,
      search: (query) => fromRun(entries.get(query.id) ?? [], byId, request.k),
    };
  }
  const ids = new Set(queries.map(({ id }) => id));
  const own = new Set(passages.map(({ id }) => id).filter((id) => ids.has(id) && isOut(id, id)));
  if (own.size > 0) listener.notice?.(leftOutNote(files.name, own.size));
  for (const note of withoutTerms(queries, request.bm25)) listener.notice?.(note);
  const index = await buildIndex(passages, request.bm25, {
    signal: request.signal,
    onProgress: (done) => listener.indexing?.(done, passages.length),
  });
  return {
    ...common,
    identicalIds: own.size,
    search(query) {
      const wanted = request.k + (own.has(query.id) ? 1 : 0);
      const { fill = false } = request;
      const { hits, passages: found, filled } = index.search(query.text, wanted, { fill });
      const retrieved = found.map((passage, i) => ({ passage, score: hits[i]!.score }));
      const rest = filled.map((passage) => ({ passage, score: 0, filled: true as const }));
      return [...retrieved, ...rest]
        .filter(({ passage }) => !own.has(query.id) || passage.id !== query.id)
        .slice(0, request.k)
        .map((candidate, i) => ({ ...candidate, rank: i + 1 }));
    },
  };
}

/** Names the queries that BM25 has nothing to search for. */
function withoutTerms(queries: readonly Query[], bm25: Bm25Params): string[] {
  const of = (words: QueryWords) => queries.filter(({ text }) => wordsOf(text, bm25) === words);
  const [stopped, none] = [of('stop-words'), of('none')];
  const notes: string[] = [];
  if (stopped.length > 0) {
    const them = stopped.length === 1 ? 'it' : 'them';
    notes.push(
      `${counted(stopped.length, 'query has', 'queries have')} only stop-words (${named(stopped)}), so BM25 finds nothing ` +
        `for ${them}. To search for ${them}, use --keep-stop-words (in a recipe: bm25.leaveOutStopWords: false).`,
    );
  }
  if (none.length > 0) {
    notes.push(
      `${counted(none.length, 'query has', 'queries have')} no word to search for (${named(none)}).`,
    );
  }
  return notes;
}

function named(queries: readonly Query[]): string {
  const first = queries.slice(0, 3).map(({ id }) => excerpt(id));
  return [...first, ...(queries.length > 3 ? ['…'] : [])].join(', ');
}

interface Judgments {
  readonly split?: string;
  readonly file: string;
  readonly qrels: Qrels;
}

interface Located {
  readonly name: string;
  readonly corpus: string;
  readonly queries: string;
  readonly judgments?: () => Promise<Judgments>;
}

async function locate({ input, queries, split, qrels, judged }: SourceRequest): Promise<Located> {
  const file = qrels;
  const given = file === undefined ? undefined : async () => ({ file, qrels: await readJudgments(file) });
  if (await isFolder(input)) {
    const folder = await openBeir(input);
    const fromSplit = split !== undefined || judged ? () => readSplit(folder, split) : undefined;
    const judgments = given ?? fromSplit;
    return {
      name: folder.name,
      corpus: folder.corpus,
      queries: queries ?? folder.queries,
      judgments,
    };
  }
  if (queries === undefined) {
    throw new RankscopeError(
      'bad-input',
      `${input} is not a folder, so it is read as a corpus: add --queries FILE (BEIR JSONL, TREC topics or ` +
        `id<TAB>text), or give a BEIR folder such as ${join('data', 'scifact')}.`,
    );
  }
  if (split !== undefined) {
    throw new RankscopeError(
      'bad-input',
      `--split is for BEIR folders, and ${input} is not one. Use --qrels.`,
    );
  }
  return { name: input, corpus: input, queries, judgments: given };
}

async function readJudgments(file: string): Promise<Qrels> {
  return readQrels(await readText(file), file);
}

/** The passages that a run's candidates need, and those that are needed besides. */
function namedBy(
  { run, isOwn }: RunFile,
  queries: readonly Query[],
  k: number,
  also: Iterable<string> = [],
): ReadonlySet<string> {
  const named = queries.flatMap(({ id }) => (run.get(id) ?? []).slice(0, k).map((entry) => entry.id));
  named.push(...also);
  return isOwn ? new WrittenIds(named) : new Set(named);
}

/** Ids as a run has them; the corpus may have them in the form they had before. */
class WrittenIds extends Set<string> {
  override has(id: string): boolean {
    return super.has(id) || (id.trim() !== '' && super.has(trecId(id)));
  }
}

/** A run of our own with the ids of queries and, of any query, of these passages. */
function restored(file: RunFile, queries: readonly Query[], passages: KnownIds): RunFile {
  return { ...file, run: restoreIds(file.run, new Map(queries.map(({ id }) => [id, passages]))).run };
}

function fromRun(
  entries: readonly { readonly id: string; readonly score: number }[],
  passages: ReadonlyMap<string, Passage>,
  k: number,
): Candidate[] {
  return entries.slice(0, k).map(({ id, score }, i) => ({ passage: passages.get(id)!, rank: i + 1, score }));
}
