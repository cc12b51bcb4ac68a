/** The files of a test collection, read one by one: judgments, runs, passages, counts. */
import type { RankscopeError } from '../src/errors.ts';
import { type CollectionPlan, countedAs, defaultSplit } from '../src/formats/collection/plan.ts';
import { readCounts } from '../src/formats/counts.ts';
import { badInput, counted, excerpt } from '../src/formats/excerpt.ts';
import { readQrels } from '../src/formats/qrels.ts';
import { isOwnTag, restoreIds } from '../src/formats/run-ids.ts';
import { readTrecRuns } from '../src/formats/runs.ts';
import type { Bm25Params } from '../src/retrieval/types.ts';
import type { Passage, Qrels, Run } from '../src/types.ts';
import type { CollectionSummary, OpenedRun, RecognisedFile } from '../src/workers/collection-protocol.ts';
import type { CollectionFiles } from './collection-files.ts';
import type { About, OnProgress } from './collection-opened.ts';
import { readCorpus } from './retrieval-read.ts';

interface Passages {
  readonly passages: readonly Passage[];
  readonly notices: readonly string[];
}

/** The parts of a plan, each read when it is asked for, and what is said of them. */
export class CollectionParts {
  readonly name: string;
  readonly files: CollectionFiles;
  readonly plan: CollectionPlan;
  readonly split: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly contents = new Map<string, string>();
  readonly notices: string[] = [];
  popularity: CollectionSummary['popularity'];

  constructor(
    name: string,
    files: CollectionFiles,
    plan: CollectionPlan,
    wanted: string | undefined,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    this.name = name;
    this.files = files;
    this.plan = plan;
    this.split =
      wanted !== undefined && plan.splits.has(wanted) ? wanted : (defaultSplit(plan.splits.keys()) ?? '');
    this.signal = signal;
    this.onProgress = onProgress;
  }

  async corpus(path: string): Promise<Passages> {
    const source = await this.files.blob(path, this.signal);
    const isJsonLines = /\.(jsonl|ndjson)(\.gz)?$/i.test(path);
    const read = await readCorpus(
      {
        source,
        fileName: path,
        format: isJsonLines ? 'jsonl' : 'auto',
        params: {} as Bm25Params,
        skipBadLines: true,
      },
      this.signal,
      ({ phase, done, total }) => this.onProgress({ phase, file: path, done, total }),
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
    this.contents.set(path, countedAs('corpus', read.passages.length));
    const told = read.notices.filter(({ code }) => !['single', 'identical'].includes(code));
    return { passages: read.passages, notices: told.map(({ message }) => `${path}: ${message}`) };
  }

  async judgments(): Promise<Qrels> {
    const path = this.plan.splits.get(this.split)!;
    const qrels = readQrels(await this.text(path), path);
    if (qrels.size === 0) throw badInput(path, undefined, 'it has no judgments.');
    this.contents.set(path, countedAs('qrels', qrels.size));
    return qrels;
  }

  /** Runs by name: the tag, with the file where two have the same. Queries that are not judged are let go of. */
  async runs(qrels: Qrels): Promise<Map<string, Run>> {
    const runs = new Map<string, Run>();
    for (const path of this.plan.runs) {
      const tags = readTrecRuns(await this.text(path), path);
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
        throw this.strangers(
          [...tags.values()].flatMap((run) => [...run.keys()]),
          qrels,
          path,
        );
      this.contents.set(path, countedAs('run', judgedOf));
    }
    return runs;
  }

  async readPopularity(): Promise<void> {
    const { counts: path } = this.plan;
    if (path === undefined) return;
    const counts = readCounts(await this.text(path), path);
    this.contents.set(path, countedAs('counts', counts.size));
    this.popularity = [...counts];
  }

  strangers(queries: readonly string[], qrels: Qrels, path = this.plan.runs[0]!): RankscopeError {
    return badInput(
      path,
      undefined,
      `none of its queries, e.g. ${excerpt(queries[0] ?? '')}, is judged in ${this.plan.splits.get(this.split)}, which judges ${excerpt([...qrels.keys()][0] ?? '')} …. Give the judgments of this run’s queries.`,
    );
  }

  text(path: string): Promise<string> {
    this.onProgress({ phase: 'reading', file: path, done: 0, total: 0 });
    return this.files.text(path, this.signal);
  }

  about(kind: CollectionSummary['kind'], runs: ReadonlyMap<string, Run>): About {
    const read = new Map(this.contents);
    const files: RecognisedFile[] = this.files.list.map((file) => ({
      ...file,
      content: read.get(file.path),
    }));
    return {
      kind,
      name: this.name.replace(/\.zip$/i, ''),
      files,
      splits: [...this.plan.splits.keys()],
      split: this.split,
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
      popularity: this.popularity,
      notices: this.notices,
    };
  }
}
