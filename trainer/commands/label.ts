/** `label`: candidates to labels, from a teacher or another source. */

import { basename } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { methodOfSchedule, takenChoices, takes } from '../../src/ranking/methods/registry.ts';
import { PAIR_CHOICE_NAMES, scheduleChoices } from '../../src/ranking/schedules/choices.ts';
import { oneOf, usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { givenOf, readOptions } from '../cli/options.ts';
import { count, duration, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { readShard } from '../input/shard.ts';
import { auditText } from '../label/audit-text.ts';
import { ENCODER_DTYPES, encoderSource } from '../label/encoder.ts';
import type { LabelEstimate, LabelRequest, LabelSummary } from '../label/label-request.ts';
import { judgmentsSource, permutationSource, runSource } from '../label/ranked.ts';
import { runLabel } from '../label/run-label.ts';
import type { LabelSource } from '../label/source.ts';
import { teacherSource } from '../label/teacher.ts';
import { resourcesText } from '../node/machine.ts';
import { readQueueAddress } from '../queue/connection.ts';
import type { QueueListener, QueueOptions } from '../queue/queued-source.ts';
import type { Command } from './command.ts';
import { DEFAULT_LEASE, LABEL_OPTIONS, type LabelValues, labelHelp } from './label-options.ts';
import { schedulesWith } from './method-help.ts';

export const label: Command = {
  name: 'label',
  summary: 'Let a teacher (or an encoder, a run) rank the candidates of every query.',
  help: labelHelp,
  async run(args) {
    const values = readOptions('label', args, LABEL_OPTIONS);
    const interrupt = onInterrupt();
    const progress = new Progress();
    const queued = readQueue(values);
    const request = readRequest(
      values,
      queued && (async (local) => (await queueing()).queuedSource(local, queued, onQueue(progress))),
    );
    try {
      const summary = await runLabel(
        { ...request, signal: interrupt.signal },
        {
          notice: (line) => progress.note(line),
          estimated(estimate) {
            if (!request.dryRun) progress.say(estimateLine(estimate));
          },
          // Lines are written in order and jobs done in any: the queue tells how far they are.
          progress: queued
            ? undefined
            : (done, total, unit, query) => progress.update(done, total, unit, `query ${query}`),
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

/** Where labelling is not for this machine; a dry run is, and says what one machine would take. */
function readQueue(values: LabelValues): QueueOptions | undefined {
  const { queue, jobQueries, lease = DEFAULT_LEASE, input, schedule = 'all-pairs' } = values;
  if (queue === undefined) {
    const [stray] = givenOf(LABEL_OPTIONS, ['jobQueries', 'lease'], values);
    if (stray !== undefined) throw usage('label', `${stray} is for --queue`);
    return undefined;
  }
  if (values.checkpoint === undefined) throw usage('label', '--queue is for --checkpoint');
  if (values.threads !== undefined)
    throw usage('label', '--threads has no effect with --queue: workers have it');
  const address = readQueueAddress(queue);
  if (values.dryRun) return undefined;
  return {
    address,
    jobQueries,
    lease,
    input: basename(input),
    schedule,
    choices: takenChoices(methodOfSchedule(schedule), scheduleChoices(values)),
    template: values.template,
    untrained: values.untrained,
    cutQueries: values.cutQueries,
  };
}

const onQueue = (progress: Progress): QueueListener => ({
  notice: (text) => progress.note(text),
  progress: (done, total, workers) =>
    progress.update(done, total, 'calls', counted(workers, 'worker', 'workers')),
});

/** What speaks to Redis takes as long to load as half of the trainer. */
const queueing = () => import('../queue/queued-source.ts');

/** @param queued makes a source that has workers label in the place of one that labels here */
function readRequest(
  values: LabelValues,
  queued?: (local: LabelSource) => Promise<LabelSource>,
): LabelRequest {
  const source = readSource(values);
  const { leaveOutIdenticalIds, permutations } = values;
  if (leaveOutIdenticalIds && permutations !== undefined) {
    throw usage(
      'label',
      '--permutations counts places in the input: --leave-out-identical-ids would move them',
    );
  }
  return {
    input: values.input,
    output: values.output,
    dryRun: values.dryRun,
    leaveOutIdenticalIds,
    k: values.k,
    shard: readShard('label', values.shard),
    source: queued ? async (lists) => queued(await source(lists)) : source,
    permutationsOutput: values.writePermutations,
    listsOutput: values.writeLists,
  };
}

/** Options that one source alone understands: with another they would be passed over in silence. */
const OF_SOURCE = {
  checkpoint: [
    'schedule',
    'passes',
    'top',
    'budget',
    'template',
    'untrained',
    'dtype',
    'threads',
    'cutQueries',
  ],
  encoder: ['dtype', 'threads', 'queryPrefix', 'passagePrefix'],
  run: ['tag'],
  permutations: ['strictPermutations'],
  judgments: [],
} as const satisfies Record<string, readonly (keyof LabelValues)[]>;

function readSource(values: LabelValues): LabelRequest['source'] {
  const names = Object.keys(OF_SOURCE) as (keyof typeof OF_SOURCE)[];
  const [name, ...others] = names.filter((one) => values[one] !== undefined);
  if (!name || others.length > 0) {
    throw usage(
      'label',
      'Give one source of labels: --checkpoint, --encoder, --run, --permutations or --judgments',
    );
  }
  const own: readonly string[] = OF_SOURCE[name];
  const idle = Object.values(OF_SOURCE)
    .flat()
    .filter((option) => !own.includes(option));
  const [first] = givenOf(LABEL_OPTIONS, idle, values);
  if (first !== undefined) throw usage('label', `${first} has no effect with --${name}`);
  const { input, dtype, threads, queryPrefix, passagePrefix } = values;
  if (name === 'run') return (lists) => runSource(values.run!, lists, values.tag);
  if (name === 'judgments') return (lists) => judgmentsSource(values.judgments!, lists);
  if (name === 'permutations') {
    return (lists) => permutationSource(values.permutations!, lists, { strict: values.strictPermutations });
  }
  if (name === 'encoder') {
    const own = oneOf('label', 'dtype', dtype, ENCODER_DTYPES);
    const asked = { folder: values.encoder!, dtype: own, threads, queryPrefix, passagePrefix };
    return () => encoderSource(asked);
  }
  const { schedule = 'all-pairs', passes, top, budget, template, untrained, cutQueries } = values;
  for (const name of PAIR_CHOICE_NAMES) {
    if (values[name] !== undefined && !takes(methodOfSchedule(schedule), name)) {
      throw usage('label', `--${name} is for --schedule ${schedulesWith(name)}, not ${schedule}`);
    }
  }
  const asked = { schedule, passes, top, budget, template, untrained, dtype, threads, cutQueries };
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
