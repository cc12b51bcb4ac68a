/** Rankings as text, query by query: the same files that the page exports. */
import { decisionsExport, type MethodRecord, writeDecisions } from '../../src/formats/decisions.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import type { Recording } from '../../src/formats/recording/recording.ts';
import { writeRecording, writeRecordingLine } from '../../src/formats/recording/write.ts';
import { writeTrecRun } from '../../src/formats/runs.ts';
import type { ScorerInfo } from '../../src/inference/scorer.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import { kindOf } from '../../src/ranking/progress/progress.ts';
import { type GivenChoices, givenChoices } from '../../src/ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { queryCut } from '../scoring/fit-queries.ts';
import type { QueryResult } from '../scoring/rank-query.ts';

export const RANK_FORMATS = ['trec', 'json', 'decisions', 'recording', 'hits'] as const;
export type RankFormat = (typeof RANK_FORMATS)[number];

export interface RankSetup extends GivenChoices {
  readonly method: MethodId;
  readonly template: PromptTemplate;
  readonly info: ScorerInfo;
  readonly trueProbabilities?: boolean;
}

/** Text of an output file in three parts. */
export interface ResultWriter {
  begin(): string;
  /** Text for one query; '' where the format has no place for a partial ranking. */
  add(result: QueryResult): string;
  end(state: QueryResult['state']): string;
}

export interface WriterOptions {
  readonly format: RankFormat;
  /** One JSON value a line. */
  readonly lines: boolean;
}

/** The format that a file's name asks for, if it does. */
export function formatOf(path: string): RankFormat | undefined {
  if (/\.(trec|run|txt)$/i.test(path)) return 'trec';
  if (/\.hits\.jsonl?$/i.test(path)) return 'hits';
  if (/\.rankscope\.jsonl?$/i.test(path)) return 'recording';
  return /\.jsonl?$/i.test(path) ? 'decisions' : undefined;
}

/** Bytes of a line of a run, of an answer in the decisions, of its share of the log, and of a hit beside its text, on average. */
const BYTES = { line: 70, decision: 165, event: 40, hit: 90 } as const;

/** Size of an output with so many answers, about. */
export function outputBytes(format: RankFormat, jobs: readonly RankJob[], answers: number): number {
  const candidates = jobs.reduce((sum, job) => sum + job.candidates.length, 0);
  if (format === 'trec' || format === 'json') return BYTES.line * candidates;
  const texts = jobs.flatMap((job) =>
    job.candidates.map(({ passage: { title = '', text } }) => title + text),
  );
  const shown = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) + BYTES.hit * candidates;
  if (format === 'hits') return shown;
  return shown + (format === 'recording' ? BYTES.decision + BYTES.event : BYTES.decision) * answers;
}

export function createWriter(setup: RankSetup, { format, lines }: WriterOptions): ResultWriter {
  switch (format) {
    case 'trec':
      return { begin: () => '', add: (result) => finished(result, trecLines(setup, result)), end: () => '' };
    case 'decisions':
      return { begin: () => '', add: (result) => decisionsText(setup, result, lines), end: () => '' };
    case 'recording':
      return { begin: () => '', add: (result) => recordingText(setup, result, lines), end: () => '' };
    case 'hits':
      return lines ? hitLines() : hitList();
    case 'json':
      return rankings(setup);
  }
}

const finished = (result: QueryResult, text: string) => (result.state === 'done' ? text : '');

function trecLines({ method }: RankSetup, { job, order, scores }: QueryResult): string {
  const entries = order.map((index, i) => ({ id: job.candidates[index]!.passage.id, score: scores[i]! }));
  return writeTrecRun(new Map([[job.query.id, entries]]), `rankscope-${method}`);
}

/** The page's "Decisions (JSON)": the method stands in its column, the other one is idle. */
function decisionsText({ method, template, info }: RankSetup, result: QueryResult, lines: boolean): string {
  const { job, state, order, scores, scored, decisions, compared, listed } = result;
  const record: MethodRecord = { method, template, info, state, order, scores };
  const document = decisionsExport({
    query: job.query,
    candidates: job.candidates,
    queryCut: queryCut(job),
    ...(kindOf(method) === 'pointwise'
      ? { student: { ...record, scored } }
      : { teacher: { ...record, decisions, compared, listed } }),
  });
  return lines ? `${JSON.stringify(document)}\n` : writeDecisions(document);
}

/** The same with the times of its events, which the page replays. */
function recordingText(
  { method, template, info, trueProbabilities, ...choices }: RankSetup,
  { job, state, events }: QueryResult,
  lines: boolean,
): string {
  const kind = kindOf(method);
  const recording: Recording = {
    query: job.query,
    queryCut: queryCut(job),
    state: 'done',
    candidates: job.candidates,
    grades: new Map(),
    runs: [
      {
        column: kind === 'pointwise' ? 'student' : 'teacher',
        kind,
        method,
        ...givenChoices(choices),
        trueProbabilities,
        template,
        checkpoint: info,
        state,
        events,
        timed: events.length > 0,
      },
    ],
  };
  return lines ? writeRecordingLine(recording) : writeRecording(recording);
}

function hitLine({ job, order, scores }: QueryResult): string {
  const candidates = order.map((index, i) => ({
    passage: job.candidates[index]!.passage,
    rank: i + 1,
    score: scores[i]!,
  }));
  return writeRankGptHits([{ query: job.query, candidates }], { lines: true }).trimEnd();
}

function hitLines(): ResultWriter {
  return { begin: () => '', add: (result) => finished(result, `${hitLine(result)}\n`), end: () => '' };
}

function hitList(): ResultWriter {
  return listOf('[\n', ']\n', (result) => finished(result, hitLine(result)));
}

/** Rankings only, for scripts that need no decisions. */
function rankings({ method, template, info }: RankSetup): ResultWriter {
  const { name, digest, dtype, device, service } = info;
  const checkpoint = service === undefined ? { name, digest, dtype, device } : { name, digest, service };
  const head = JSON.stringify({ version: 1, method, template, checkpoint });
  const list = listOf(`${head.slice(0, -1)},"queries":[\n`, '', ({ job, state, order, scores, ...rest }) =>
    JSON.stringify({
      queryId: job.query.id,
      query: job.query.text,
      queryCut: job.asked ? queryCut(job) : undefined,
      state,
      order: order.map((index) => job.candidates[index]!.passage.id),
      scores,
      asked: rest.asked,
      tokens: rest.tokens,
      seconds: rest.seconds,
    }),
  );
  return { ...list, end: (state) => `${list.end(state)}],"state":${JSON.stringify(state)}}\n` };
}

/** Elements of a JSON list, a line each, with the commas between them. */
function listOf(open: string, close: string, element: (result: QueryResult) => string): ResultWriter {
  let written = 0;
  return {
    begin: () => open,
    add(result) {
      const text = element(result);
      if (text === '') return '';
      return `${written++ > 0 ? ',\n' : ''}${text}`;
    },
    end: () => `${written > 0 ? '\n' : ''}${close}`,
  };
}
