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
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, megabytes, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { resourcesText } from '../node/machine.ts';
import { readBm25 } from './bm25-options.ts';
import { CANDIDATES_OPTIONS, candidatesHelp, DEFAULT_K } from './candidates-options.ts';
import type { Command } from './command.ts';

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
        if (dryRun && json) printSummary({ command: 'candidates', state: 'dry-run', estimate });
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
  const values = readOptions('candidates', args, CANDIDATES_OPTIONS);
  const { input, queries, split, qrels, run, tag, fill, limit, skipFaulty, keepIdenticalIds } = values;
  if (split !== undefined && qrels !== undefined) {
    throw usage('candidates', 'Give --split NAME or --qrels FILE, not both');
  }
  if (fill && values.noFill) throw usage('candidates', 'Give --fill or --no-fill, not both');
  if (fill && run !== undefined) {
    throw usage('candidates', '--fill is for BM25’s lists, and --run gives others');
  }
  if (tag !== undefined && run === undefined) throw usage('candidates', '--tag names a run of --run FILE');
  const k = values.k ?? DEFAULT_K;
  // A dry run looks at the disk of this folder where no other is named.
  const output = values.output ?? '.';
  const bm25 = readBm25(values);
  return {
    json: values.json,
    dryRun: values.dryRun,
    request: {
      input,
      output,
      k,
      queries,
      split,
      qrels,
      run,
      tag,
      bm25,
      fill,
      limit,
      skipFaulty,
      keepIdenticalIds,
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
