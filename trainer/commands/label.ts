/** `label`: candidates to labels, from a teacher or another source. */

import { DTYPES } from '../../src/checkpoint/card-read.ts';
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { methodOfSchedule, SCHEDULE_NAMES, takes } from '../../src/ranking/methods/registry.ts';
import type { OptionValues } from '../cli/args.ts';
import { oneOf, readOptions, required, usage, wholeNumber } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { count, duration, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { readShard } from '../input/shard.ts';
import { auditText } from '../label/audit-text.ts';
import { ENCODER_DTYPES, encoderSource } from '../label/encoder.ts';
import type { LabelEstimate, LabelRequest, LabelSummary } from '../label/label-request.ts';
import { permutationSource, runSource } from '../label/ranked.ts';
import { runLabel } from '../label/run-label.ts';
import { teacherSource } from '../label/teacher.ts';
import { resourcesText } from '../node/machine.ts';
import type { Command } from './command.ts';
import { labelHelp } from './label-help.ts';

const OPTIONS = {
  input: { type: 'string' },
  output: { type: 'string' },
  checkpoint: { type: 'string' },
  encoder: { type: 'string' },
  run: { type: 'string' },
  tag: { type: 'string' },
  permutations: { type: 'string' },
  'strict-permutations': { type: 'boolean' },
  schedule: { type: 'string' },
  passes: { type: 'string' },
  k: { type: 'string' },
  shard: { type: 'string' },
  template: { type: 'string' },
  dtype: { type: 'string' },
  threads: { type: 'string' },
  untrained: { type: 'boolean', default: false },
  'query-prefix': { type: 'string' },
  'passage-prefix': { type: 'string' },
  'write-permutations': { type: 'string' },
  'write-lists': { type: 'string' },
  'cut-queries': { type: 'boolean' },
  'leave-out-identical-ids': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;
type Values = OptionValues<typeof OPTIONS>;

export const label: Command = {
  name: 'label',
  summary: 'Let a teacher (or an encoder, a run) rank the candidates of every query.',
  help: labelHelp,
  async run(args) {
    const values = readOptions('label', args, OPTIONS);
    const request = readRequest(values);
    const interrupt = onInterrupt();
    const progress = new Progress();
    try {
      const summary = await runLabel(
        { ...request, signal: interrupt.signal },
        {
          notice: (line) => progress.note(line),
          estimated(estimate) {
            if (!request.dryRun) progress.say(estimateLine(estimate));
          },
          progress: (done, total, unit, query) => progress.update(done, total, unit, `query ${query}`),
        },
      );
      progress.end();
      if (values.json) printSummary(summary);
      else if (summary.state === 'dry-run') console.log(dryRun(summary));
      else if (summary.audit) console.log(`${auditText(summary.audit)}\n\n${summaryLine(summary)}`);
      if (summary.state === 'cancelled') throw interrupted(summary);
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

function readRequest(values: Values): LabelRequest {
  const dry = values['dry-run'];
  const leaveOut = values['leave-out-identical-ids'];
  if (leaveOut && values.permutations !== undefined) {
    throw usage(
      'label',
      '--permutations counts places in the input: --leave-out-identical-ids would move them',
    );
  }
  return {
    input: required('label', 'input', values.input),
    output: dry ? values.output : required('label', 'output', values.output),
    dryRun: dry,
    leaveOutIdenticalIds: leaveOut,
    k: wholeNumber('label', 'k', values.k, { least: 1, most: 1_000_000 }),
    shard: readShard('label', values.shard),
    source: readSource(values),
    permutationsOutput: values['write-permutations'],
    listsOutput: values['write-lists'],
  };
}

/** Options that one source alone understands: with another they would be passed over in silence. */
const OF_SOURCE = {
  checkpoint: ['schedule', 'passes', 'template', 'untrained', 'dtype', 'threads', 'cut-queries'],
  encoder: ['dtype', 'threads', 'query-prefix', 'passage-prefix'],
  run: ['tag'],
  permutations: ['strict-permutations'],
} as const satisfies Record<string, readonly (keyof Values)[]>;

function readSource(values: Values): LabelRequest['source'] {
  const names = Object.keys(OF_SOURCE) as (keyof typeof OF_SOURCE)[];
  const given = names.filter((name) => values[name] !== undefined);
  const [name] = given;
  if (!name || given.length > 1) {
    throw usage('label', 'Give one source of labels: --checkpoint, --encoder, --run or --permutations');
  }
  const own: readonly string[] = OF_SOURCE[name];
  for (const option of new Set(Object.values(OF_SOURCE).flat())) {
    if (values[option] === undefined || values[option] === false || own.includes(option)) continue;
    throw usage('label', `--${option} has no effect with --${name}`);
  }
  const threads = wholeNumber('label', 'threads', values.threads, { least: 1, most: 256 });
  if (name === 'run') return (lists) => runSource(values.run!, lists, values.tag);
  if (name === 'permutations') {
    const strict = values['strict-permutations'] === true;
    return (lists) => permutationSource(values.permutations!, lists, { strict });
  }
  if (name === 'encoder') {
    const dtype = oneOf('label', 'dtype', values.dtype, ENCODER_DTYPES);
    const { 'query-prefix': queryPrefix, 'passage-prefix': passagePrefix } = values;
    return () => encoderSource({ folder: values.encoder!, dtype, threads, queryPrefix, passagePrefix });
  }
  const schedule = oneOf('label', 'schedule', values.schedule, SCHEDULE_NAMES) ?? 'all-pairs';
  const passes = wholeNumber('label', 'passes', values.passes, { least: 1, most: 1_000_000 });
  if (passes !== undefined && !takes(methodOfSchedule(schedule), 'passes')) {
    throw usage('label', `--passes is for --schedule sliding, not ${schedule}`);
  }
  const dtype = oneOf('label', 'dtype', values.dtype, DTYPES);
  const { template, untrained, 'cut-queries': cutQueries } = values;
  const input = required('label', 'input', values.input);
  const asked = { schedule, passes, template, untrained, dtype, threads, cutQueries };
  return () => teacherSource({ checkpoint: values.checkpoint!, input, ...asked });
}

function estimateLine(estimate: LabelEstimate): string {
  const { calls, upperBound, unit, queries, seconds, callsPerSecond, free } = estimate;
  return (
    `${upperBound ? 'At most ' : ''}${count(calls)} ${unit} for ${counted(queries, 'query', 'queries')}, about ` +
    `${duration(seconds)} (${rateText(callsPerSecond)} ${unit}/s measured on ${estimate.probed} of them); ` +
    `${resourcesText({ ...estimate, diskBytes: estimate.outputBytes }, free)}.`
  );
}

function dryRun({ estimate, queries }: LabelSummary): string {
  const { total, done } = queries;
  const there = done > 0 ? ` ${count(done)} of ${counted(total, 'query', 'queries')} already done.` : '';
  return `${estimate ? estimateLine(estimate) : `${counted(total - done, 'query', 'queries')}; this takes almost no time.`}${there}`;
}

function summaryLine({ queries, seconds, output, auditOutput }: LabelSummary): string {
  const resumed = queries.resumed > 0 ? ` (${count(queries.resumed)} already done)` : '';
  return `${counted(queries.done, 'query', 'queries')} labelled${resumed} in ${duration(seconds)}: ${output}, ${auditOutput}`;
}

function interrupted({ queries: { done, total }, output }: LabelSummary): RankscopeError {
  return new RankscopeError(
    'cancelled',
    `Interrupted after ${done} of ${total} queries, which are complete in ${output}. Run the same command again to continue.`,
  );
}
