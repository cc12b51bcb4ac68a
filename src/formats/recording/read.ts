/** Reads files of decisions, of any version, as recordings. */

import { isMethodId } from '../../ranking/methods/registry.ts';
import { kindOf, type LogEvent } from '../../ranking/progress/progress.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import type { AnswerCost } from '../../ranking/types.ts';
import type { Candidate } from '../../types.ts';
import type { DecisionsExport, ExportedMethod } from '../decisions.ts';
import { readAllDecisions, readDecisions } from '../decisions-read.ts';
import { badInput } from '../excerpt.ts';
import { BadRow, type LogAnswers, rowsToLog } from './log-rows.ts';
import type { RecordedRun, Recording } from './recording.ts';

/** A file with one recording. @throws RankscopeError 'bad-input' naming file, line and field */
export function readRecording(text: string, file = 'the recording'): Recording {
  return recordingOf(readDecisions(text, file), file);
}

/** A file with any number of them (a JSON list, or JSON lines), as the command line writes them. */
export function readRecordings(text: string, file = 'the recordings'): Recording[] {
  return readAllDecisions(text, file).map((one) => recordingOf(one, file));
}

/** What has been read and checked as a file, as a recording. */
export function recordingOf(value: DecisionsExport, file: string): Recording {
  const candidates = value.candidates.map(
    ({ id, title, text, rank, score, filled }): Candidate => ({
      passage: { id, text, title },
      rank,
      score,
      filled: filled || undefined,
    }),
  );
  const positions = new Map(candidates.map(({ passage }, i) => [passage.id, i]));
  const { bm25, student, teacher } = value.methods;
  const at = (id: string): number => positions.get(id)!;
  const all = (ids: readonly string[]): number[] => ids.map(at);
  const answers: LogAnswers = {
    scored: student.scored.map(({ id, ...one }) => withCuts({ ...one, index: at(id) })),
    decided: teacher.decisions.map(({ a, b, ...one }) => withCuts({ ...one, a: at(a), b: at(b) })),
    compared: (teacher.compared ?? []).map((one) =>
      withCuts({ ...one, shown: all(one.shown), winner: at(one.winner) }),
    ),
    listed: (teacher.listed ?? []).map((one) =>
      withCuts({ ...one, shown: all(one.shown), order: all(one.order) }),
    ),
  };
  const none: LogAnswers = { scored: [], decided: [], compared: [], listed: [] };
  const run = (column: RecordedRun['column'], method: ExportedMethod, own: Partial<LogAnswers>) =>
    runOf(column, method, { ...none, ...own }, positions, file);
  const { scored, ...compared } = answers;
  return {
    query: { id: value.queryId ?? 'q1', text: value.query },
    queryCut: value.queryCut,
    firstStage: value.firstStage,
    gradesElsewhere: value.gradesElsewhere,
    made: value.made,
    state: bm25.state,
    candidates,
    grades: new Map(value.candidates.flatMap(({ id, grade }) => (grade === undefined ? [] : [[id, grade]]))),
    runs: [...run('student', student, { scored }), ...run('teacher', teacher, compared)],
  };
}

const withCuts = <T extends { readonly cuts?: AnswerCost['cuts'] }>(one: T) => ({
  ...one,
  cuts: one.cuts ?? [],
});

/** One run, or none where the column's method has not run. */
function runOf(
  column: RecordedRun['column'],
  exported: ExportedMethod,
  answers: LogAnswers,
  positions: ReadonlyMap<string, number>,
  file: string,
): RecordedRun[] {
  const { method, template, checkpoint, state, trueProbabilities, fusion, raced, log } = exported;
  if (state === 'idle' || !isMethodId(method)) return [];
  const kind = kindOf(method);
  if ((column === 'student') !== (kind === 'pointwise')) {
    throw badInput(file, undefined, `“methods.${column}.method”: ${method} does not rank in this column.`);
  }
  try {
    const events = log ? rowsToLog(log, answers, positions.size) : withoutTimes(exported, answers, positions);
    return [
      {
        column,
        kind,
        method,
        template,
        // Files do not say these of a service, and nothing shows them (ScorerInfo).
        checkpoint: checkpoint && {
          ...checkpoint,
          dtype: checkpoint.dtype ?? 'fp32',
          device: checkpoint.device ?? 'cpu',
        },
        state,
        events,
        ...givenChoices(exported),
        trueProbabilities,
        fusion,
        raced,
        timed: log !== undefined,
      },
    ];
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    throw badInput(file, undefined, `“methods.${column}.log[${error.row}]”: ${error.message}.`);
  }
}

/** All answers at once, and the ranking they came to. */
function withoutTimes(
  { order, scores }: ExportedMethod,
  answers: LogAnswers,
  positions: ReadonlyMap<string, number>,
): LogEvent[] {
  const at = 0;
  const events: LogEvent[] = [];
  const { scored, decided, compared, listed } = answers;
  if (scored.length > 0) events.push({ type: 'scored', items: scored, at });
  if (decided.length > 0) events.push({ type: 'decided', items: decided, at });
  if (compared.length > 0) events.push({ type: 'compared', items: compared, at });
  if (listed.length > 0) events.push({ type: 'listed', items: listed, at });
  const ranked = order.map((id) => positions.get(id)!);
  const rest = [...positions.values()].filter((position) => !ranked.includes(position));
  events.push({
    type: 'ranking',
    order: [...ranked, ...rest],
    scores: [...scores, ...rest.map(() => Number.NaN)],
    at,
  });
  return events;
}
