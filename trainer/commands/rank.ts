/** `rank`: the page's job on files. */

import { RankscopeError } from '../../src/errors.ts';
import type { MethodChoices } from '../../src/ranking/methods/descriptor.ts';
import { METHODS, type MethodId, takes } from '../../src/ranking/methods/registry.ts';
import { CHOICE_NAMES, type ScheduleChoices } from '../../src/ranking/schedules/choices.ts';
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { resourcesText } from '../node/machine.ts';
import type { RankEstimate, RankRequest, RankSummary } from '../rank/rank-request.ts';
import { runRank } from '../rank/run-rank.ts';
import { formatOf } from '../rank/write-results.ts';
import type { Command } from './command.ts';
import { RANK_OPTIONS, rankHelp } from './rank-options.ts';
import { readRemote, refuseForService, remoteEstimateText, remoteUseText } from './remote-options.ts';

export const rank: Command = {
  name: 'rank',
  summary: 'Rank the candidates of queries from a file with a teacher or a student.',
  help: rankHelp,
  async run(args) {
    const { request, json } = readRequest(args);
    const interrupt = onInterrupt();
    const progress = new Progress();
    try {
      const summary = await runRank(
        { ...request, signal: interrupt.signal },
        {
          notice: (text) => progress.note(text),
          estimated(estimate) {
            if (request.dryRun && !json) console.log(estimateLine(estimate));
            if (!request.dryRun) progress.say(estimateLine(estimate));
          },
          estimatedRemote(estimate, service) {
            const text = remoteEstimateText(estimate, service, request.remote?.price);
            if (request.dryRun && !json) console.log(text);
            if (!request.dryRun) progress.say(text);
          },
          progress: (done, planned, query) => progress.update(done, planned, 'calls', `query ${query}`),
        },
      );
      progress.end();
      if (json) printSummary(summary);
      else if (summary.state === 'done') console.log(summaryLine(summary));
      if (summary.state === 'cancelled') {
        const { done, total } = summary.queries;
        throw new RankscopeError(
          'cancelled',
          `Interrupted after ${done} of ${total} queries. What was finished is in ${summary.output}; run the same command again to continue.`,
        );
      }
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

const OPTION: Readonly<Record<keyof ScheduleChoices, string>> = {
  passes: 'passes',
  top: 'top',
  budget: 'budget',
  setSize: 'set-size',
  window: 'window',
  step: 'step',
  repeats: 'repeats',
};

/** An option that the method does not take would be ignored without a word. */
function refuseIdle(option: string, choice: keyof MethodChoices, method: MethodId): void {
  if (takes(method, choice)) return;
  const fitting = METHODS.filter(({ id }) => takes(id, choice)).map(({ id }) => id);
  throw usage('rank', `--${option} is for --method ${fitting.join(' or ')}, not ${method}`);
}

function readRequest(args: readonly string[]): { request: RankRequest; json: boolean } {
  const { json, endpoint, model, keyEnv, parallel, price, priceOutput, ...values } = readOptions(
    'rank',
    args,
    RANK_OPTIONS,
  );
  const remote = readRemote('rank', { endpoint, model, keyEnv, parallel, price, priceOutput });
  if (remote && values.checkpoint !== undefined)
    throw usage('rank', 'Give --checkpoint or --endpoint, not both');
  if (!remote && values.checkpoint === undefined) {
    throw usage('rank', '--checkpoint is missing (or --endpoint URL --model NAME, to ask a service)');
  }
  if (remote) refuseForService('rank', values);
  const { method, trueProbabilities, output } = values;
  if (trueProbabilities) refuseIdle('true-probabilities', 'trueProbabilities', method);
  for (const name of CHOICE_NAMES) if (values[name] !== undefined) refuseIdle(OPTION[name], name, method);
  const format = values.format ?? (output === undefined ? 'decisions' : formatOf(output));
  if (format === undefined) {
    throw usage('rank', `“${output}” does not show which format to use. Add --format`);
  }
  const lines = output !== undefined && /\.jsonl$/i.test(output) ? true : undefined;
  return { json, request: { ...values, remote, format, lines } };
}

function estimateLine(estimate: RankEstimate): string {
  const { calls, upperBound, seconds, probed, callsPerSecond } = estimate;
  if (calls === 0) return 'No calls needed: no query has enough candidates.';
  return (
    `${upperBound ? 'At most ' : ''}${count(calls)} calls, about ${duration(seconds)} ` +
    `(${rateText(callsPerSecond)} calls/s measured on ${probed} of the prompts); ${resourcesText(estimate, estimate.free)}.`
  );
}

function summaryLine(summary: RankSummary): string {
  const { queries, calls, seconds, checkpoint, cutPassages, cutQueries, output, remote } = summary;
  const { name, dtype, device, threads, service } = checkpoint;
  const by = service === undefined ? `${dtype} on ${device}, ${threads} threads` : `at ${service}`;
  const there = queries.resumed === 0 ? '' : ` (${count(queries.resumed)} already done)`;
  const were = (n: number, one: string, many: string) =>
    n === 0 ? '' : ` ${n === 1 ? `1 ${one} was` : `${count(n)} ${many} were`} cut to fit.`;
  const cut = were(cutQueries, 'query', 'queries') + were(cutPassages, 'passage', 'passages');
  return (
    `${count(queries.done)} ${queries.done === 1 ? 'query' : 'queries'}${there}, ${count(calls.asked)} calls in ` +
    `${duration(seconds.rank)} (${name}, ${by}).${cut} ${remote ? `${remoteUseText(remote)} ` : ''}Written to ${output}.`
  );
}
