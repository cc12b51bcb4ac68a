/**
 * Whatever holds recorded decisions, as recordings: recordings, "Decisions (JSON)" of any version, one or many
 * (JSON lines, lists), and the output of `label`. What cannot be shown is refused with a reason.
 */
import { findCycles, summarisePairs } from '../../ranking/analysis.ts';
import { isMethodId, METHOD_IDS, type MethodId, methodNamed } from '../../ranking/methods/registry.ts';
import { PairTable } from '../../ranking/pair-table.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { Decision } from '../../ranking/types.ts';
import { readDecisionsValue } from '../decisions-read.ts';
import { badInput } from '../excerpt.ts';
import { type JsonValue, parseJsonValues } from '../json-check.ts';
import { readLabelValue } from '../label-line.ts';
import { openText } from '../opening.ts';
import { MOST_BYTES, MOST_CANDIDATES } from './bounds.ts';
import { invocationsRecording } from './invocations.ts';
import { recordingOf } from './read.ts';
import type { RecordedRun, Recording } from './recording.ts';

/** One of a file's recordings, for a list of them. */
export interface RecordingSummary {
  /** Its place in the file, from 0. */
  readonly index: number;
  readonly queryId: string;
  readonly query: string;
  readonly candidates: number;
  readonly methods: readonly MethodId[];
  /** Ordered decisions, pairs that were decided in both orders, and those whose orders name different winners. */
  readonly decisions: number;
  readonly pairs: number;
  readonly contradictory: number;
  /** Lists that were put in order in one answer, and those of them whose answer had to be repaired. */
  readonly listings: number;
  readonly malformed: number;
  /** Threes whose majorities go round; 0 above 50 candidates, where counting them takes long. */
  readonly cycles: number;
}

/**
 * Reads bytes, gzipped or not.
 * @throws RankscopeError 'bad-input' naming file, line and reason
 */
export function openRecordings(bytes: Uint8Array, file: string): Recording[] {
  const { text } = openText(bytes, { file, maxBytes: MOST_BYTES });
  const values = parseJsonValues(text, file);
  if (values.length === 0) throw badInput(file, undefined, 'it is empty. Choose a recording.');
  return values.map((value, i) => readOne(value, i, file));
}

/** As which method rank_llm's calls are shown: the one whose model writes the order of a list. */
const WRITES_ORDERS = METHOD_IDS.find((id) => methodNamed(id).needs === 'generation');

function readOne(value: JsonValue, index: number, file: string): Recording {
  const fields = typeof value.value === 'object' && value.value !== null ? value.value : {};
  const has = (key: string): boolean => key in fields;
  // Before anything is made of them.
  const { candidates, hits } = fields as Readonly<Record<string, unknown>>;
  for (const list of [candidates, hits]) {
    if (!Array.isArray(list) || list.length <= MOST_CANDIDATES) continue;
    throw badInput(
      file,
      value.line,
      `it has ${list.length} candidates for one query; up to ${MOST_CANDIDATES} can be shown.`,
    );
  }
  if (has('invocations_history')) {
    if (WRITES_ORDERS) return invocationsRecording(value, index, file, WRITES_ORDERS);
    throw badInput(
      file,
      value.line,
      'it is an invocations history of rank_llm: lists that were put in order, not decisions between two passages, which are what is shown here.',
    );
  }
  if (has('hits') && has('order')) return labelRecording(value, index, file);
  if (has('methods')) return recordingOf(readDecisionsValue(value, file), file);
  const why = has('hits')
    ? ' It has candidates, but nobody has ranked them: open it as a corpus, or rank it.'
    : has('queries') && has('method')
      ? ' It has rankings without texts and decisions: have rank write it with --format recording.'
      : '';
  throw badInput(
    file,
    value.line,
    `it is not a recording.${why} Choose a file saved as “Recording” or “Decisions (JSON)”, or the output of rank or label.`,
  );
}

/** A line of `label`: its decisions without times or cost, which labels do not keep. */
function labelRecording(value: JsonValue, index: number, file: string): Recording {
  const { query, candidates, source, order, scores, decisions, queryCut } = readLabelValue(
    value,
    index,
    file,
  );
  const cost = { tokens: 0, ms: 0, cached: false };
  const items = decisions.map(
    // How much of a passage was cut a label does not say.
    ({ a, b, logitA, logitB, preference }): Decision => ({
      a,
      b,
      logitA,
      logitB,
      preference,
      ...cost,
      cuts: [],
    }),
  );
  const method = isMethodId(source.kind) ? source.kind : undefined;
  if (!method) {
    throw badInput(
      file,
      value.line,
      `its labels come from ${source.name} (${source.kind}), which makes no decisions.`,
    );
  }
  const at = 0;
  const events: LogEvent[] = [
    ...(items.length > 0 ? [{ type: 'decided', items, at } as const] : []),
    { type: 'ranking', order, scores, at },
  ];
  const run: RecordedRun = {
    column: 'teacher',
    kind: 'comparing',
    method,
    template: null,
    state: 'done',
    timed: false,
    events,
    checkpoint: null,
  };
  return { query, queryCut, state: 'done', candidates, grades: new Map(), runs: [run] };
}

/** What the audit looks at first: contradictions and malformed answers. Worst first; else as they came. */
export function summarise(recordings: readonly Recording[]): RecordingSummary[] {
  const bad = ({ contradictory, malformed }: RecordingSummary): number => contradictory + malformed;
  const share = (one: RecordingSummary): number => {
    const all = one.pairs + one.listings;
    return all === 0 ? -1 : bad(one) / all;
  };
  return recordings
    .map(summaryOf)
    .sort((a, b) => share(b) - share(a) || bad(b) - bad(a) || a.index - b.index);
}

const COUNTS_CYCLES = 50;

function summaryOf({ query, candidates, runs }: Recording, index: number): RecordingSummary {
  const n = candidates.length;
  const decided = runs.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'decided' ? event.items : [])),
  );
  const listed = runs.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'listed' ? event.items : [])),
  );
  const table = PairTable.from(n, decided);
  const { contradictory, compared } = summarisePairs(table);
  return {
    index,
    queryId: query.id,
    query: query.text,
    candidates: n,
    methods: runs.map(({ method }) => method),
    decisions: decided.length,
    pairs: compared,
    contradictory: contradictory.length,
    listings: listed.length,
    malformed: listed.filter(({ malformed }) => malformed).length,
    cycles: n <= COUNTS_CYCLES ? findCycles(table).length : 0,
  };
}
