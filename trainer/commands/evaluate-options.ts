/** Options and help of `evaluate`: two doors, runs that exist and methods that are run for it. */
import { BASELINE_IDS } from '../../src/evaluation/baselines/baselines.ts';
import { MOST_POPULAR, POPULAR_ABOVE } from '../../src/evaluation/baselines/popular-pool.ts';
import { DEFAULT_WEIGHT, FUSIONS, RRF_K } from '../../src/ranking/fusion.ts';
import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../../src/ranking/methods/prp-allpair/method.ts';
import { relevanceGeneration } from '../../src/ranking/methods/rg/method.ts';
import { helpOf } from '../cli/help.ts';
import { flag, givenOf, type OptionValues, ruled, text, texts } from '../cli/options.ts';
import { from, whole } from '../cli/rule.ts';
import { DEFAULT_MEASURES } from '../evaluate/measures.ts';
import { paperPresets } from '../evaluate/paper-preset.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { BM25_GROUP } from './bm25-options.ts';
import { methodList } from './method-help.ts';
import { REMOTE_GROUP } from './remote-options.ts';
import * as shared from './shared-options.ts';

/** As many as tell the paper's story. */
export const DEFAULT_METHODS = ['bm25', relevanceGeneration.id, pointwiseYes.id, prpAllPairs.id].join();
export const DEFAULT_K = 20;

export const EVALUATE_OPTIONS = {
  Runs: {
    run: texts('FILE…', 'TREC runs; a file with several tags gives a row for each'),
    qrels: text(
      'FILE',
      'judgments: TREC, BEIR or JSON. Tabs between fields allow ids with spaces; our own runs have “_” for these and are matched',
    ),
    level: ruled(whole(0), 'N', 'lowest grade that counts as relevant in binary measures (default 1)'),
    depth: ruled(shared.counting(), 'N', 'read only the first N passages of each query'),
    onlyRetrieved: flag(
      'average over queries that are in the run (trec_eval without -c; default: all judged queries, those missing count 0)',
    ),
    leaveOutIdenticalIds: flag(
      "as BEIR does, but not trec_eval: without passages whose id is the query's own, unless judged relevant",
    ),
  },
  Methods: {
    data: texts('DIR…', 'BEIR folders; their judged queries are evaluated'),
    candidates: texts(
      'FILE…',
      'one file per folder, from the command candidates, instead of BM25 over its corpus',
    ),
    checkpoint: texts(
      'DIR…',
      'folders with ranker.json (see the command export), or in transformers.js’ layout',
    ),
    methods: text(
      'LIST',
      `of bm25, ${BASELINE_IDS.join(', ')}, ${methodList()}, with commas; METHOD@TEMPLATE asks in another wording: a preset, any of the ` +
        `checkpoints' templates by id, or a JSON file (default ${DEFAULT_METHODS}). ` +
        'Each is run with every checkpoint that was trained on its kind of prompt; ' +
        `bm25, ${BASELINE_IDS.join(' and ')} need none`,
    ),
    untrained: flag('… and with those that were not'),
    preset: text(
      'NAME',
      `a table of the paper (Sun et al. 2023) instead of --methods: ${paperPresets()
        .presets.map(({ id }) => id)
        .join(
          ', ',
        )}. Its rows that the checkpoints can show are run; paper.md, paper.csv and paper.json have its numbers ` +
        'beside yours, and what cannot be run is left empty. list: what each needs',
    ),
    presetSet: text('ID', '… beside this set of the paper (default: the one that the data is named like)'),
    fuse: text(
      'LIST',
      `of ${FUSIONS.join(', ')}, with commas: each row of a model also fused with the first stage, by reciprocal rank ` +
        `(k = ${RRF_K}) or by standardised scores, λ · row + (1 − λ) · first stage. Costs no calls`,
    ),
    fuseWeight: ruled(from(0, 1), 'λ', `interpolation: the row’s share (default ${DEFAULT_WEIGHT})`),
    tune: text(
      'SPLIT',
      'interpolation: choose λ of 0, .05, …, 1 for each row on these judgments, by the measure of --compare',
    ),
    shuffled: flag(
      'each method that sorts by comparisons (PRP heapsort and sliding window, setwise, listwise) also with the candidates in ' +
        'a random order, drawn by --seed: what it then lacks is the first stage, whose order it falls back to where the model ' +
        'contradicts itself. Asks as many calls again',
    ),
    seed: shared.seed,
    popularity: shared.popularity,
    k: ruled(shared.counting(), 'N', `candidates per query (default ${DEFAULT_K})`),
    popular: ruled(
      whole(1, MOST_POPULAR),
      'N',
      'add N popular passages to each query’s candidates, drawn by --seed in proportion to how often --popularity says they are mentioned',
    ),
    popularAbove: ruled(
      whole(0),
      'N',
      `… of those mentioned more often than this (default ${POPULAR_ABOVE}, the paper’s)`,
    ),
    answerable: flag('leave out queries none of whose candidates is relevant'),
    output: text('DIR', 'table.md, results.json, runs/SET/ROW.trec; work/ keeps what is done'),
    split: text('NAME', 'judgments qrels/NAME.tsv (default: test, or the only one there is)'),
    limit: ruled(shared.counting(), 'N', 'only the first N judged queries'),
    ...BM25_GROUP,
    keepIdenticalIds: flag("keep a passage whose id is the query's own, as in the command candidates"),
    skipFaulty: flag('leave out corpus lines that cannot be read, instead of stopping at the first'),
    cutQueries: shared.cutQueries,
    passes: shared.passes,
    top: shared.top,
    budget: shared.budget,
    setSize: shared.setSize,
    window: shared.window,
    step: shared.step,
    repeats: shared.repeats,
    trueProbabilities: shared.trueProbabilities,
    dtype: shared.rankingDtype,
    threads: shared.threads,
    dryRun: shared.dryRun,
  },
  Remote: REMOTE_GROUP,
  Both: {
    metrics: text(
      'LIST',
      `default ${DEFAULT_MEASURES.join(',')}; also precision@k, recall@k, success@k, r_precision, ndcg_burges@k, ` +
        'judged@k; map-l2 for a level',
    ),
    compare: text('METRIC', 'what differences are tested on (default ndcg@10)'),
    baseline: text('NAME', 'the row that the others are compared with (default: the first, bm25)'),
    json: flag('one line of JSON instead of a table'),
  },
};

export type EvaluateValues = OptionValues<typeof EVALUATE_OPTIONS>;

/** Options of a door: given at the other they would be passed over, and people would not know. */
export const givenAt = (door: 'Runs' | 'Methods' | 'Remote', values: EvaluateValues): string[] =>
  givenOf(EVALUATE_OPTIONS, Object.keys(EVALUATE_OPTIONS[door]), values);

export const evaluateHelp = helpOf(
  {
    usage: `evaluate --run FILE… --qrels FILE [--json]
evaluate --data BEIR_DIR… --checkpoint DIR… --methods LIST --output DIR`,
    about:
      'Measures rankings against judgments: runs that exist, or methods and checkpoints that are run for it.',
    examples: `  What trec_eval -c says of two runs, and whether they differ:
    npm run trainer -- evaluate --run bm25.trec student.trec --qrels qrels.txt
  A table like the paper's, all methods on the same BM25 candidates:
    npm run trainer -- evaluate --data data/scifact --checkpoint models/teacher models/student \\
      --methods bm25,rg,pointwise-yes,prp-allpair --k 20 --output results/scifact
  How long would that take?                                       … the same with --dry-run
  The base under the student's wording too, as a control (rows that would ask the same are asked once):
    npm run trainer -- evaluate --data data/scifact --checkpoint models/base models/student \\
      --methods pointwise-yes,pointwise-yes@paper-student --output results/control
  What any method has to beat, without a model:
    npm run trainer -- evaluate --data data/redial --methods bm25,random,popularity \\
      --k 9 --metrics accuracy@1 --compare accuracy@1 --output results/redial
  The paper's Table 2 on your data, its numbers beside yours:
    npm run trainer -- evaluate --preset table-2 --data msmarco \\
      --checkpoint models/flan-t5-base models/student --output results/table-2
  The student fused with BM25, λ chosen on the judgments for training:
    npm run trainer -- evaluate --data data/scifact --checkpoint models/student \\
      --methods bm25,pointwise-yes --fuse rrf,interpolation --tune train --output results/fused`,
    options: EVALUATE_OPTIONS,
    more: 'A stopped evaluation (Ctrl-C, kill -9) resumes where it was: run the same command again.',
  },
  ENCODING_HELP,
);
