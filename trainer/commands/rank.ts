/** `rank`: the page's job on files. */

import { RankscopeError } from '../../src/errors.ts';
import { type BaselineId, isBaselineId } from '../../src/evaluation/baselines/baselines.ts';
import { counted } from '../../src/formats/excerpt.ts';
import type { MethodChoices } from '../../src/ranking/methods/descriptor.ts';
import { METHODS, type MethodId, takes } from '../../src/ranking/methods/registry.ts';
import { CHOICE_NAMES, type ScheduleChoices } from '../../src/ranking/schedules/choices.ts';
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { resourcesText } from '../node/machine.ts';
import { rankByBaseline } from '../rank/rank-baseline.ts';
import type { RankEstimate, RankRequest, RankSummary } from '../rank/rank-request.ts';
import { runRank } from '../rank/run-rank.ts';
import { formatOf } from '../rank/write-results.ts';
import type { Command } from './command.ts';
import { RANK_OPTIONS, type RankValues, rankHelp } from './rank-options.ts';
import { readRemote, refuseForService, remoteEstimateText, remoteUseText } from './remote-options.ts';

export const rank: Command = {
  name: 'rank',
  summary: 'Rank the candidates of queries from a file with a teacher or a student.',
  help: rankHelp,
  async run(args) {
    const { method, ...values } = readOptions('rank', args, RANK_OPTIONS);
    if (isBaselineId(method)) return rankWithoutModel(method, values);
    const { request, json } = readRequest({ method, ...values });
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

/** Options that say how a model is asked, and what is written of its answers. */
const OF_MODELS = [
  'checkpoint',
  'endpoint',
  'template',
  'untrained',
  'trueProbabilities',
  'dtype',
  'threads',
  'cutQueries',
  ...CHOICE_NAMES,
] as const satisfies readonly (keyof RankValues)[];

async function rankWithoutModel(method: BaselineId, values: Omit<RankValues, 'method'>): Promise<void> {
  const idle = OF_MODELS.find((name) => values[name] !== undefined && values[name] !== false);
  if (idle) throw usage('rank', `${method} asks no model, and --${kebab(idle)} is for one`);
  const { input, output, dryRun, json, k, leaveOutIdenticalIds, seed, popularity } = values;
  if (seed !== undefined && method !== 'random') throw usage('rank', '--seed is for --method random');
  if (popularity !== undefined && method !== 'popularity')
    throw usage('rank', '--popularity is for --method popularity');
  const format = values.format ?? (output === undefined ? 'trec' : formatOf(output));
  if (format === undefined)
    throw usage('rank', `“${output}” does not show which format to use. Add --format`);
  const lines = output !== undefined && /\.jsonl$/i.test(output) ? true : undefined;
  const written = dryRun ? undefined : output;
  const asked = { method, input, output: written, format, lines, k, leaveOutIdenticalIds, seed, popularity };
  const summary = await rankByBaseline(asked);
  if (json) printSummary(summary);
  else {
    const queries = counted(summary.queries.total, 'query', 'queries');
    console.log(
      written === undefined ? `No calls needed: ${queries}.` : `${queries}, no calls. Written to ${written}.`,
    );
  }
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type ModelValues = Omit<RankValues, 'method'> & { readonly method: MethodId };

function readRequest(given: ModelValues): { request: RankRequest; json: boolean } {
  const { json, endpoint, model, keyEnv, parallel, price, priceOutput, seed, popularity, ...values } = given;
  if (seed !== undefined) throw usage('rank', '--seed is for --method random');
  if (popularity !== undefined) throw usage('rank', '--popularity is for --method popularity');
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
