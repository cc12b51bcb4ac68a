/** A distillation in words: the estimate before it, the last lines after it. */
import { counted } from '../../src/formats/excerpt.ts';
import { count, duration } from '../cli/progress.ts';
import { bytesText } from '../node/machine.ts';
import type { DistillEstimate, DistillSummary, EstimatedStudents, StageEstimate } from './distill-request.ts';
import { STAGES } from './layout.ts';
import type { SeveralSummary } from './run-several.ts';

/** One line a stage and one for all. */
export const estimateLines = (estimate: DistillEstimate): string[] => [
  ...estimate.stages.map(stageLine),
  totalLine(estimate),
];

const totalLine = ({ seconds, memoryBytes, diskBytes, free }: DistillEstimate): string =>
  `In total about ${duration(seconds)}; at most ${bytesText(memoryBytes)} of memory (${bytesText(free.memoryBytes)} are free), ` +
  `${bytesText(diskBytes)} on disk (${bytesText(free.diskBytes)} are free).`;

function stageLine({ stage, state, seconds, work, memoryBytes, diskBytes, shared }: StageEstimate): string {
  const head = `${STAGES.indexOf(stage) + 1} ${stage.padEnd(11)}`;
  if (state === 'done') return `${head}already done`;
  if (shared) return `${head}the same as another student’s, copied`;
  const bound = work?.upperBound ? 'at most ' : '';
  const calls = work && work.count > 0 ? `${bound}${count(work.count)} ${work.unit}, ` : '';
  const goes = state === 'begun' ? ' (begun)' : '';
  return (
    `${head}${calls}about ${duration(seconds)}, ${bytesText(memoryBytes)} of memory, ` +
    `${bytesText(diskBytes)} on disk${goes}`
  );
}

/** Of several students: those of each below its name, then the sum. */
export function severalLines({ students, estimate }: EstimatedStudents): string[] {
  const lines = students.flatMap(({ name, labels, estimate: own }) => {
    const learns = labels === 'judgments' ? 'supervised with judgments' : 'distilled';
    return own
      ? [`${name} (${learns})`, ...estimateLines(own).slice(0, -1)]
      : [`${name} (${learns}): already done`];
  });
  return estimate ? [...lines, totalLine(estimate)] : lines;
}

/** Where the students are, and what compares them. */
export function severalLastLines({
  students,
  output,
  table,
  data,
  seconds,
  recipe,
}: SeveralSummary): string[] {
  const made = students.map(({ name, labels, summary }) => {
    const queries = counted(summary?.queries.training ?? 0, 'query', 'queries');
    return `  ${name}: ${labels === 'judgments' ? `supervised with judgments of ${queries}` : `distilled with ${queries}`}, ${summary?.student}`;
  });
  return [
    `${counted(students.length, 'student')} in ${duration(seconds)}, in ${output}. Recipe: ${recipe}.`,
    ...made,
    ...(table ? [`Compared in ${table}, the same as data in ${data}.`] : []),
  ];
}

/** Where the student is, and how to look at it. */
export function lastLines({
  student,
  listed,
  stages,
  seconds,
  queries,
  recipe,
  output,
  labels,
}: DistillSummary): string[] {
  const worked = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  // A run also reads, checks and estimates: it takes longer than its own share of the stages.
  const all = worked > seconds + 1 ? ` (${duration(worked)} with earlier runs)` : '';
  const opened = listed
    ? `Listed as ${listed.id} in ${listed.index}: “npm start”, then Models: “Use as Student”.`
    : `To list it in the playground: the same command with --index public/models/index.json, then “npm start”, Models.`;
  return [
    `${counted(queries.training, 'query', 'queries')} ${labels === 'judgments' ? 'learnt with judgments' : 'distilled'}, ${count(queries.heldOut)} held out, in ${duration(seconds)}${all}.`,
    `Student: ${student}. Table: ${output}/evaluation/table.md. Recipe: ${recipe}.`,
    opened,
  ];
}
