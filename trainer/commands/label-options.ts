/** Options and help of `label`. */
import { DTYPES } from '../../src/checkpoint/card-read.ts';
import { SCHEDULE_NAMES } from '../../src/ranking/methods/registry.ts';
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { among, whole } from '../cli/rule.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { scheduleLines } from './method-help.ts';
import * as shared from './shared-options.ts';

export const DEFAULT_LEASE = 30;

export const LABEL_OPTIONS = {
  Required: {
    input: needed(
      text(
        'FILE',
        'RankGPT hits (see the command candidates), rank_llm requests or InstructDistill training lists, JSON or JSON lines',
      ),
    ),
    output: neededToWrite(
      text(
        'FILE',
        'JSON lines, one query per line: the hits line, followed by source, order, scores and decisions ' +
          '[a, b, logitA, logitB, cut]; positions count from 0. An audit is written beside it (FILE without ' +
          '.jsonl, .audit.json)',
      ),
    ),
  },
  'One source of labels': {
    checkpoint: text(
      'DIR',
      'a teacher: folder with ranker.json (see the command export), or in transformers.js’ layout',
    ),
    encoder: text('DIR', 'a sentence encoder in the transformers.js layout: cosine, mean pooling'),
    run: text('FILE', 'a TREC run; candidates it lacks follow in first-stage order'),
    permutations: text(
      'FILE',
      'InstructDistill\'s: a JSON list of "3 > 1 > 2", in the order of the input; repaired as the authors\' code ' +
        'does (numbers in order, repeats and numbers of no passage dropped, the other passages appended), and ' +
        'the audit counts the repairs',
    ),
    judgments: text(
      'FILE',
      'qrels: grades as labels, for supervised fine-tuning with the loss softmax; candidates that nobody judged have 0',
    ),
  },
  'With --checkpoint': {
    schedule: ruled(among(SCHEDULE_NAMES), 'S', scheduleLines('all-pairs')),
    passes: ruled(shared.counting(1_000_000), 'N', 'sliding: passes over the list (default 10)'),
    top: ruled(
      shared.counting(1_000_000),
      'N',
      'topk: places that are exactly those of all pairs (default 10); below them the order is by what is known',
    ),
    budget: ruled(
      shared.counting(1_000_000),
      'N',
      'sparse: calls a query, at least one a candidate (default 56, which are all pairs of 8)',
    ),
    template: shared.template,
    untrained: flag('ask a teacher that was not trained on pairwise prompts all the same'),
    cutQueries: flag(
      'cut queries that leave a teacher no room for passages, to half of what it reads; lines and audit say so ' +
        '(default: an error before the work)',
    ),
  },
  'With --checkpoint or --encoder': {
    dtype: ruled(
      among(DTYPES),
      'D',
      'fp32, int8, q8 or q4 (default: fp32, made from the weights where the folder has no such scorer: exact, ' +
        "and labels are kept; int8 may be a little faster); an encoder's: fp32",
    ),
    threads: shared.threads,
  },
  'With other sources': {
    queryPrefix: text('T', 'written before each query for an encoder, e.g. "query: "'),
    passagePrefix: text('T', 'written before each passage for an encoder'),
    tag: text('NAME', 'which run of the file of --run, where it holds several'),
    strictPermutations: flag('refuse a permutation that would have to be repaired'),
  },
  'On many machines': {
    queue: text(
      'URL',
      'redis://HOST:6379, rediss:// for TLS, or env for the address in REDIS_URL: the command worker, on as many machines ' +
        'as you have, asks the teacher; this one hands out jobs and writes the same file',
    ),
    jobQueries: ruled(shared.counting(1_000_000), 'N', 'queries of a job (default: about 300 calls)'),
    lease: ruled(
      whole(2, 86_400),
      'S',
      `seconds after which the job of a silent worker goes to another (default ${DEFAULT_LEASE})`,
    ),
  },
  Options: {
    k: ruled(shared.counting(1_000_000), 'N', 'read the first N candidates of each query'),
    leaveOutIdenticalIds: shared.leaveOutIdenticalIds,
    shard: text('I/N', 'label part I of N of the queries'),
    writePermutations: text('FILE', "the labels as InstructDistill's permutation file"),
    writeLists: text('FILE', "the input as InstructDistill's training lists"),
    dryRun: shared.dryRun,
    json: flag('print a summary with the audit as one line of JSON at the end'),
  },
};

export type LabelValues = OptionValues<typeof LABEL_OPTIONS>;

export const labelHelp = helpOf(
  {
    usage: 'label --checkpoint DIR --input CANDIDATES --output FILE',
    about: 'Lets a teacher rank the candidates of every query, and keeps the ranking and every decision.',
    examples: `  All pairs, as in the paper, over candidates from the command candidates:
    npm run trainer -- label --checkpoint public/models/demo-teacher \\
      --input candidates.jsonl --output labels.jsonl
  How long would that take, and how large would it be?           … the same with --dry-run
  On four machines; the four outputs, concatenated, are the whole:
    … --shard 1/4 --output labels-1.jsonl
  On whatever machines there are, which may come and go (see the command worker):
    … --queue redis://localhost:6379
  Labels without a teacher: a sentence encoder, a run, the authors' permutations:
    npm run trainer -- label --encoder all-MiniLM-L6-v2 --input candidates.jsonl --output labels.jsonl
    npm run trainer -- label --run monot5.trec --input candidates.jsonl --output labels.jsonl
    npm run trainer -- label --permutations perms.json --input marco-train.jsonl --output labels.jsonl`,
    options: LABEL_OPTIONS,
    more: `The output grows query by query. Stopped by Ctrl-C, kill -9 or a full disk, the same command resumes:
any prefix of the file will do; an incomplete last line is cut off and made again. Labels of another
source are never overwritten or mixed.`,
  },
  ENCODING_HELP,
);
