/** Recordings as text: "Decisions (JSON)", with a log for each run. */

import { progressAt } from '../../ranking/progress/apply-events.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import { decisionsExport, type MethodRecord } from '../decisions.ts';
import { logToRows } from './log-rows.ts';
import type { RecordedRun, Recording } from './recording.ts';

/** A file with one recording, one answer or event a line. */
export const writeRecording = (recording: Recording): string => `${layOut(exported(recording))}\n`;

/** The same on one line, as small as JSON gets: for links, and for files of many. */
export const writeRecordingLine = (recording: Recording): string =>
  `${JSON.stringify(exported(recording))}\n`;

function exported(recording: Recording) {
  const { query, candidates, grades, queryCut, firstStage, state, gradesElsewhere, made } = recording;
  const n = candidates.length;
  const [student, teacher] = (['student', 'teacher'] as const).map((column) =>
    recording.runs.find((run) => run.column === column),
  );
  return decisionsExport({
    query,
    candidates,
    grades,
    queryCut,
    firstStage,
    gradesElsewhere,
    made,
    bm25State: state,
    student: student && pointwiseRecord(student, n),
    teacher: teacher && comparingRecord(teacher, n),
  });
}

function pointwiseRecord(run: RecordedRun, n: number) {
  const { rows, answers } = logToRows(run.events, n);
  return { ...methodRecord(run, n), scored: answers.scored, log: run.timed ? rows : undefined };
}

function comparingRecord(run: RecordedRun, n: number) {
  const { rows, answers } = logToRows(run.events, n);
  const { decided: decisions, compared, listed } = answers;
  return { ...methodRecord(run, n), decisions, compared, listed, log: run.timed ? rows : undefined };
}

function methodRecord(run: RecordedRun, n: number): MethodRecord {
  const { method, template, checkpoint, state, trueProbabilities, fusion, raced } = run;
  const { order, scores } = progressAt(run.kind, n, run.events);
  // Passages that a partial run has not scored yet (NaN) hold a place, not a rank: they are left out.
  const places = scores.flatMap((score, i) => (Number.isFinite(score) ? [i] : []));
  return {
    method,
    template,
    info: checkpoint,
    state,
    ...givenChoices(run),
    trueProbabilities,
    fusion,
    raced,
    order: places.map((i) => order[i]!),
    scores: places.map((i) => scores[i]!),
  };
}

/** JSON with indented objects, and each entry of a list of objects or lists on a line of its own. */
function layOut(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return JSON.stringify(value);
    return `[\n${value.map((item) => inner + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return '{}';
  const lines = fields.map(([key, field]) => `${inner}${JSON.stringify(key)}: ${layOut(field, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
