/** `evaluate --run FILE… --qrels FILE`. */
import { counted } from '../../src/formats/excerpt.ts';
import { usage } from '../cli/args.ts';
import { printSummary } from '../cli/summary.ts';
import { readCompared, readMeasures } from '../evaluate/measures.ts';
import { resultTable } from '../evaluate/result-table.ts';
import { measuredValues, type ScoredRun, scoreRuns } from '../evaluate/score-runs.ts';
import { keptNote } from '../input/identical-ids.ts';
import { type EvaluateValues, givenAt } from './evaluate-options.ts';

export async function evaluateRuns(values: EvaluateValues): Promise<void> {
  const foreign = [...givenAt('Methods', values), ...givenAt('Remote', values)];
  if (foreign.length > 0) throw usage('evaluate', `${foreign.join(', ')} is for --data, not for --run`);
  const measures = readMeasures(values.metrics);
  const compared = readCompared(values.compare, measures);
  const complete = !values.onlyRetrieved;
  const { run: runs = [], qrels, baseline, leaveOutIdenticalIds, level, depth } = values;
  if (!qrels) throw usage('evaluate', '--qrels is missing');
  const asked = { runs, qrels, measures, compared, complete, baseline, leaveOutIdenticalIds, level, depth };
  const rows = await scoreRuns(asked);
  if (values.json) printSummary(summary(qrels, complete, compared, rows));
  else console.log(text(rows, measures, compared, complete));
  for (const note of idNotes(qrels, rows, leaveOutIdenticalIds)) console.error(`Note: ${note}`);
}

/** What shows that ids of run and judgments are not the same, or were made the same. */
function idNotes(qrels: string, rows: readonly ScoredRun[], leftOut: boolean): string[] {
  return rows.flatMap(({ name, judged, restored, identicalIds, evaluation }) => {
    const notes: string[] = [];
    if (restored > 0) {
      notes.push(`${name}: ${counted(restored, 'id')} with “_” matched to ids with white space in ${qrels}.`);
    }
    if (judged.of > 0 && judged.passages === 0) {
      notes.push(
        `${name}: none of its passages for judged queries is judged in ${qrels}, so every measure is 0. ` +
          'Do both use the same passage ids?',
      );
    }
    if (identicalIds > 0) notes.push(identicalNote(name, identicalIds, leftOut));
    return evaluation.perQuery.size === 0 ? [] : notes;
  });
}

function identicalNote(name: string, queries: number, leftOut: boolean): string {
  if (!leftOut) return keptNote(name, queries);
  return `${name}: passages with their query’s own id are left out, as in BEIR (${counted(queries, 'query', 'queries')}).`;
}

/** Each run's numbers under their measures' names; of a single run also at the top. */
function summary(qrels: string, complete: boolean, compared: string, rows: readonly ScoredRun[]) {
  const runs = rows.map(
    ({ file, tag, queries, missing, judged, restored, identicalIds, evaluation, difference }) => ({
      run: file,
      tag,
      queries,
      missing,
      judgedPassages: judged.passages,
      restoredIds: restored > 0 ? restored : undefined,
      identicalIds: identicalIds > 0 ? identicalIds : undefined,
      ...measuredValues(evaluation),
      difference,
    }),
  );
  const single = runs.length === 1 ? measuredValues(rows[0]!.evaluation) : {};
  return { command: 'evaluate', state: 'done', qrels, complete, compared, ...single, runs };
}

function text(
  rows: readonly ScoredRun[],
  measures: readonly string[],
  compared: string,
  complete: boolean,
): string {
  const table = resultTable(
    rows.map(({ name, evaluation, difference }) => ({
      name,
      values: evaluation.overall,
      difference,
    })),
    { measures, compared },
  );
  const missing = rows.filter((row) => row.missing > 0);
  const notes = missing.map((row) =>
    complete
      ? `${row.name} has no results for ${row.missing} of ${row.queries} judged queries; they count as 0.`
      : `${row.name} has no results for ${row.missing} judged queries; they are left out.`,
  );
  const against = rows.find(({ difference }) => difference)?.difference?.against;
  if (against !== undefined) {
    notes.push(
      `Differences are from ${against}, paired by query; p is from the two-sided randomisation test.`,
    );
  }
  return [table, ...notes].join('\n').trimEnd();
}
