/** `candidates`: the first stage on files. */
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import {
  type CandidatesEstimate,
  estimateCandidates,
  refuseCandidates,
} from '../candidates/candidates-estimate.ts';
import {
  type CandidatesRequest,
  type CandidatesSummary,
  firstStageText,
  runCandidates,
} from '../candidates/find-candidates.ts';
import { readOptions, required, usage, wholeNumber } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { count, duration, megabytes, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { resourcesText } from '../node/machine.ts';
import { BM25_OPTIONS, readBm25 } from './bm25-options.ts';
import { candidatesHelp } from './candidates-help.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  input: { type: 'string' },
  output: { type: 'string' },
  k: { type: 'string' },
  queries: { type: 'string' },
  split: { type: 'string' },
  qrels: { type: 'string' },
  run: { type: 'string' },
  tag: { type: 'string' },
  limit: { type: 'string' },
  ...BM25_OPTIONS,
  fill: { type: 'boolean', default: false },
  'no-fill': { type: 'boolean', default: false },
  'skip-faulty': { type: 'boolean', default: false },
  'keep-identical-ids': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const candidates: Command = {
  name: 'candidates',
  summary: 'Find the best passages of a corpus for every query, by BM25.',
  help: candidatesHelp,
  async run(args) {
    const { request, json, dryRun } = readRequest(args);
    const interrupt = onInterrupt();
    const progress = new Progress();
    // With --json the summary says it.
    if (!json) console.log(`First stage: ${firstStageText(request)}.`);
    try {
      const estimate = await estimateCandidates({ ...request, signal: interrupt.signal }, dryRun);
      if (estimate) {
        const line = estimateLine(estimate);
        if (dryRun && !json) console.log(line);
        if (!dryRun) progress.say(line);
        refuseCandidates(estimate, request);
        if (dryRun && json) printSummary({ command: 'candidates', state: 'dry-run', ...{ estimate } });
        if (dryRun) return;
      }
      const summary = await runCandidates(
        { ...request, signal: interrupt.signal },
        {
          notice: (text) => progress.note(text),
          reading: (done, total) =>
            progress.update(megabytes(done), megabytes(total), 'MB', 'reading the corpus'),
          indexing: (done, total) => progress.update(done, total, 'passages', 'indexing'),
          searched: (done, total) => progress.update(done, total, 'queries', 'searching'),
        },
      );
      progress.end();
      if (json) printSummary(summary);
      else if (summary.state === 'done') console.log(summaryLine(summary));
      if (summary.state === 'cancelled') throw interrupted(summary);
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

function readRequest(args: readonly string[]): {
  request: CandidatesRequest;
  json: boolean;
  dryRun: boolean;
} {
  const values = readOptions('candidates', args, OPTIONS);
  const whole = (name: 'k' | 'limit') =>
    wholeNumber('candidates', name, values[name], { least: 1, most: 1_000_000_000 });
  const bm25 = readBm25('candidates', values);
  const { queries, split, qrels, run, tag, 'dry-run': dryRun } = values;
  if (split !== undefined && qrels !== undefined) {
    throw usage('candidates', 'Give --split NAME or --qrels FILE, not both');
  }
  if (values.fill && values['no-fill']) throw usage('candidates', 'Give --fill or --no-fill, not both');
  if (values.fill && run !== undefined) {
    throw usage('candidates', '--fill is for BM25’s lists, and --run gives others');
  }
  if (tag !== undefined && run === undefined) throw usage('candidates', '--tag names a run of --run FILE');
  return {
    json: values.json,
    dryRun,
    request: {
      input: required('candidates', 'input', values.input),
      // A dry run looks at the disk of this folder where no other is named.
      output: dryRun ? (values.output ?? '.') : required('candidates', 'output', values.output),
      k: whole('k') ?? 10,
      ...{ queries, split, qrels, run, tag, bm25, fill: values.fill },
      limit: whole('limit'),
      skipFaulty: values['skip-faulty'],
      keepIdenticalIds: values['keep-identical-ids'],
    },
  };
}

function estimateLine(estimate: CandidatesEstimate): string {
  const { queries, seconds, searchesPerSecond, free } = estimate;
  return (
    `${counted(queries, 'query', 'queries')}, about ${duration(seconds)} including reading the corpus ` +
    `(${rateText(searchesPerSecond)} searches/s measured); ${resourcesText(estimate, free)}.`
  );
}

function summaryLine({
  queries,
  passages,
  withoutCandidates,
  k,
  seconds,
  output,
}: CandidatesSummary): string {
  const none = withoutCandidates > 0 ? `, ${count(withoutCandidates)} without candidates` : '';
  return (
    `${counted(queries.total, 'query', 'queries')}${none}, up to ${k} of ${count(passages)} passages each, ` +
    `in ${duration(seconds.read + seconds.search)}: ${output}`
  );
}

function interrupted({ queries: { done, total } }: CandidatesSummary): RankscopeError {
  return new RankscopeError(
    'cancelled',
    `Interrupted after ${done} of ${total} queries. Run the same command again to continue.`,
  );
}
