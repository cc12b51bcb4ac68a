/** Options and help of `worker`. */
import { DTYPES } from '../../src/checkpoint/card-read.ts';
import { helpOf } from '../cli/help.ts';
import { flag, needed, type OptionValues, ruled, text } from '../cli/options.ts';
import { among } from '../cli/rule.ts';
import * as shared from './shared-options.ts';

export const WORKER_OPTIONS = {
  Required: {
    queue: needed(
      text('URL', 'as label --queue has it: redis://HOST:6379, or env for the address in REDIS_URL'),
    ),
    checkpoint: needed(text('DIR', 'the teacher, the same as the labelling’s: weights are compared')),
  },
  Options: {
    dtype: ruled(among(DTYPES), 'D', 'fp32, int8, q8 or q4 (default: the labelling’s)'),
    threads: shared.threads,
    template: text('T', 'where label has a JSON file here: the same file (default: the labelling’s)'),
    once: flag('end with the first labelling (default: wait for the next)'),
    dryRun: flag('check address and checkpoint and say what it would label as; do not connect'),
    json: flag('print a summary as one line of JSON at the end'),
  },
};

export type WorkerValues = OptionValues<typeof WORKER_OPTIONS>;

export const workerHelp = helpOf({
  usage: 'worker --queue redis://HOST:6379 --checkpoint DIR',
  about: 'Labels for a command label --queue that runs on this machine or another one.',
  examples: `  A Redis server, once; then on one machine the labelling, and on all of them workers:
    redis-server          (or, with a password: docker compose up -d; see trainer/README.md)
    export REDIS_URL=redis://HOST:6379
    npm run trainer -- label --queue env --checkpoint public/models/demo-teacher \\
      --input candidates.jsonl --output labels.jsonl
    npm run trainer -- worker --queue env --checkpoint public/models/demo-teacher`,
  options: WORKER_OPTIONS,
  more: `Workers may come and go. What a worker that is killed, hangs or loses the network had in work goes to another one;
Ctrl-C gives it back at once. A worker with other weights, wording, dtype or version is refused: labels would differ.
One worker takes all cores (--threads); on a large machine two with half of the cores each may do more.`,
});
