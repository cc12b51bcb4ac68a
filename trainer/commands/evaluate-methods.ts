/** `evaluate --data DIR… --checkpoint DIR… --methods LIST --output DIR`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { BASELINE_IDS } from '../../src/evaluation/baselines/baselines.ts';
import { PLAIN_POOL, type PoolOptions } from '../../src/evaluation/baselines/popular-pool.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { FUSIONS, type Fusion } from '../../src/ranking/fusion.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import type { Price } from '../../src/remote/cost.ts';
import { bm25Text } from '../../src/retrieval/params.ts';
import { oneOf, outputFolder, usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { count, duration, Progress, rateText } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import type {
  EvaluateEstimate,
  EvaluateRequest,
  MethodSpec,
  RowEstimate,
} from '../evaluate/evaluate-request.ts';
import { readCompared, readMeasures } from '../evaluate/measures.ts';
import {
  choosePreset,
  type PlannedPreset,
  planPreset,
  setNotices,
  writeBeside,
} from '../evaluate/paper-preset.ts';
import { isModelMethod } from '../evaluate/rows.ts';
import { type EvaluateSummary, runEvaluation } from '../evaluate/run-evaluate.ts';
import { resourcesText } from '../node/machine.ts';
import { readBm25 } from './bm25-options.ts';
import { DEFAULT_K, DEFAULT_METHODS, type EvaluateValues, givenAt } from './evaluate-options.ts';
import { methodOption } from './method-help.ts';
import { readRemote, refuseForService, remoteEstimateText, remoteUseText } from './remote-options.ts';

export async function evaluateMethods(values: EvaluateValues): Promise<void> {
  const planned = await readPreset(values);
  const request = readRequest(values, planned);
  const interrupt = onInterrupt();
  const progress = new Progress();
  // With --json results.json says it.
  if (!request.candidates && !values.json) console.log(`First stage: ${bm25Text(request.bm25)}.`);
  try {
    for (const text of planned ? [...planned.notices, ...setNotices(planned, request.data)] : [])
      progress.note(text);
    const summary = await runEvaluation(
      { ...request, signal: interrupt.signal },
      {
        notice: (text) => progress.note(text),
        estimated(estimate) {
          if (!request.dryRun) progress.say(estimateLines(estimate, request.remote?.price).join('\n'));
        },
        progress(done, total, what) {
          const [unit = '', ...rest] = what.split(' ');
          progress.update(done, total, unit, rest.join(' '), what);
        },
      },
    );
    progress.end();
    const beside =
      planned && summary.state === 'done' ? await writeBeside(planned, summary.output, request.k) : undefined;
    if (values.json) printSummary(summary);
    else if (summary.state === 'dry-run') console.log(dryRun(summary, request.remote?.price));
    else if (summary.state === 'done') {
      console.log((await readFile(join(summary.output, 'table.md'), 'utf8')).trimEnd());
      if (beside !== undefined) console.log(`\n${beside.trimEnd()}`);
      const paper = beside === undefined ? '' : ', paper.md, paper.csv, paper.json';
      console.log(`\n${join(summary.output, 'table.md')}, results.json, runs/${paper}`);
      if (summary.remote) console.log(remoteUseText(summary.remote));
    }
    if (summary.state === 'cancelled') {
      throw new RankscopeError(
        'cancelled',
        `Interrupted. Completed work is kept in ${summary.output}; run the same command again to continue.`,
      );
    }
  } finally {
    progress.end();
    interrupt.release();
  }
}

/** The rows of a preset; undefined: the methods are named. */
async function readPreset(values: EvaluateValues): Promise<PlannedPreset | undefined> {
  const { preset, presetSet, methods, checkpoint = [], seed, popular, popularAbove, answerable } = values;
  if (preset === undefined) {
    if (presetSet !== undefined) throw usage('evaluate', '--preset-set is for --preset');
    return undefined;
  }
  if (methods !== undefined) throw usage('evaluate', '--preset chooses the methods: leave --methods out');
  if (values.endpoint !== undefined) throw usage('evaluate', '--preset asks checkpoints, not an --endpoint');
  if (popular !== undefined || popularAbove !== undefined || answerable)
    throw usage('evaluate', '--preset chooses the candidates: leave --popular and --answerable out');
  const chosen = choosePreset(preset, presetSet);
  if (values.candidates && (chosen.preset.popular > 0 || chosen.preset.answerable))
    throw usage('evaluate', `--preset ${preset} adds to BM25’s candidates, and takes no --candidates`);
  return planPreset(chosen, { checkpoints: checkpoint, seed });
}

function readRequest(values: EvaluateValues, planned: PlannedPreset | undefined): EvaluateRequest {
  const foreign = givenAt('Runs', values);
  if (foreign.length > 0) throw usage('evaluate', `${foreign.join(', ')} is for --run, not for --data`);
  const methods = planned?.methods ?? readMethods(values.methods ?? DEFAULT_METHODS);
  const remote = readRemote('evaluate', values);
  if (remote && !values.checkpoint) {
    const { dtype, threads, cutQueries } = values;
    refuseForService('evaluate', { dtype, threads, cutQueries });
  }
  if (!values.checkpoint && !remote && methods.some(({ id }) => isModelMethod(id))) {
    throw usage(
      'evaluate',
      `--checkpoint is missing (only --methods ${['bm25', ...BASELINE_IDS].join(', ')} need none)`,
    );
  }
  const measures = planned
    ? [
        ...new Set([
          ...planned.measures,
          ...(values.metrics === undefined ? [] : readMeasures(values.metrics)),
        ]),
      ]
    : readMeasures(values.metrics);
  const { fuseWeight, tune, seed, popularity } = values;
  const fuse = readFuse(values.fuse);
  const interpolates = fuse?.includes('interpolation') === true;
  if (fuseWeight !== undefined && !interpolates)
    throw usage('evaluate', '--fuse-weight is for --fuse interpolation');
  if (tune !== undefined && !interpolates) throw usage('evaluate', '--tune is for --fuse interpolation');
  if (tune !== undefined && fuseWeight !== undefined)
    throw usage('evaluate', '--tune chooses the weight that --fuse-weight gives: use one of them');
  return {
    data: values.data!,
    candidates: values.candidates,
    checkpoints: values.checkpoint ?? [],
    remote,
    methods,
    k: values.k ?? planned?.preset.depth ?? DEFAULT_K,
    pool: planned ? planned.pool : readPool(values),
    split: values.split,
    limit: values.limit,
    ...givenChoices(values),
    output: outputFolder('evaluate', values.output, values.dryRun),
    dtype: values.dtype,
    threads: values.threads,
    trueProbabilities: values.trueProbabilities,
    untrained: values.untrained,
    skipFaulty: values.skipFaulty,
    keepIdenticalIds: values.keepIdenticalIds,
    cutQueries: values.cutQueries,
    bm25: readBm25(values),
    fuse,
    fuseWeight,
    tune,
    seed,
    shuffled: values.shuffled,
    popularity,
    measures,
    compared: readCompared(values.compare ?? planned?.preset.compared, measures),
    baseline: values.baseline,
    dryRun: values.dryRun,
  };
}

function readFuse(list: string | undefined): readonly Fusion['by'][] | undefined {
  if (list === undefined) return undefined;
  return [...new Set(list.split(',').map((word) => oneOf('evaluate', 'fuse', word.trim(), FUSIONS)!))];
}

/** undefined: nothing is added, and no query left out. */
function readPool({
  popular = 0,
  popularAbove,
  answerable,
  candidates,
  seed,
}: EvaluateValues): PoolOptions | undefined {
  if (popularAbove !== undefined && popular === 0)
    throw usage('evaluate', '--popular-above is for --popular N');
  if (popular === 0 && !answerable) return undefined;
  if (candidates)
    throw usage('evaluate', '--popular and --answerable are for BM25’s candidates, not for --candidates');
  return { popular, above: popularAbove ?? PLAIN_POOL.above, seed: seed ?? PLAIN_POOL.seed, answerable };
}

function readMethods(list: string): MethodSpec[] {
  return [...new Set(list.split(',').map((word) => word.trim()))].map((word) => {
    const [name = '', template] = word.split(/@(.*)/s);
    const id = methodOption('evaluate', 'methods', name, ['bm25', ...BASELINE_IDS]);
    if (!isModelMethod(id) && template !== undefined) throw usage('evaluate', `${id} has no template`);
    return { id, template, asked: name };
  });
}

function rowLine(
  { set, row, calls, upperBound, queries, seconds, callsPerSecond, remote }: RowEstimate,
  price?: Price,
): string {
  if (remote) return `${set}, ${row}: ${remoteEstimateText(remote, remote.service, price)}`;
  const bound = upperBound ? 'at most ' : '';
  return `${set}, ${row}: ${bound}${count(calls)} calls for ${counted(queries, 'query', 'queries')}, about ${duration(seconds)} (${rateText(callsPerSecond)} calls/s measured)`;
}

/** One line a row and one for all. */
function estimateLines(
  { rows, calls, upperBound, seconds, free, ...needs }: EvaluateEstimate,
  price?: Price,
): string[] {
  const bound = upperBound ? 'at most ' : '';
  return [
    ...rows.map((row) => rowLine(row, price)),
    `In total ${bound}${count(calls)} calls${rows.every(({ remote }) => remote) ? '' : `, about ${duration(seconds)}${rows.some(({ remote }) => remote) ? ' and what the service takes' : ''}`}; ${resourcesText(needs, free)}.`,
  ];
}

function dryRun({ estimate, calls }: EvaluateSummary, price?: Price): string {
  const done = calls.resumed > 0 ? [`${count(calls.resumed)} calls are already done.`] : [];
  return [...(estimate ? estimateLines(estimate, price) : []), ...done].join('\n');
}
