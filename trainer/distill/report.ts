/** A distillation in words: the estimate before it, the last lines after it. */
import { counted } from '../../src/formats/excerpt.ts';
import { count, duration } from '../cli/progress.ts';
import { bytesText } from '../node/machine.ts';
import type { DistillEstimate, DistillSummary, StageEstimate } from './distill-request.ts';
import { STAGES } from './layout.ts';

/** One line a stage and one for all. */
export function estimateLines({ stages, seconds, memoryBytes, diskBytes, free }: DistillEstimate): string[] {
  return [
    ...stages.map(stageLine),
    `In total about ${duration(seconds)}; at most ${bytesText(memoryBytes)} of memory (${bytesText(free.memoryBytes)} are free), ` +
      `${bytesText(diskBytes)} on disk (${bytesText(free.diskBytes)} are free).`,
  ];
}

function stageLine({ stage, state, seconds, work, memoryBytes, diskBytes }: StageEstimate): string {
  const head = `${STAGES.indexOf(stage) + 1} ${stage.padEnd(11)}`;
  if (state === 'done') return `${head}already done`;
  const bound = work?.upperBound ? 'at most ' : '';
  const calls = work && work.count > 0 ? `${bound}${count(work.count)} ${work.unit}, ` : '';
  const goes = state === 'begun' ? ' (begun)' : '';
  return (
    `${head}${calls}about ${duration(seconds)}, ${bytesText(memoryBytes)} of memory, ` +
    `${bytesText(diskBytes)} on disk${goes}`
  );
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
}: DistillSummary): string[] {
  const worked = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  // A run also reads, checks and estimates: it takes longer than its own share of the stages.
  const all = worked > seconds + 1 ? ` (${duration(worked)} with earlier runs)` : '';
  const opened = listed
    ? `Listed as ${listed.id} in ${listed.index}: “npm start”, then Models: “Use as Student”.`
    : `To list it in the playground: the same command with --index public/models/index.json, then “npm start”, Models.`;
  return [
    `${counted(queries.training, 'query', 'queries')} distilled, ${count(queries.heldOut)} held out, in ${duration(seconds)}${all}.`,
    `Student: ${student}. Table: ${output}/evaluation/table.md. Recipe: ${recipe}.`,
    opened,
  ];
}
