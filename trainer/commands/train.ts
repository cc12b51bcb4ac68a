/** `train`: labels to a student. */
import { RankscopeError } from '../../src/errors.ts';
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { estimateLines, summaryLines, validationLine } from '../train/report.ts';
import { runTrain } from '../train/run-train.ts';
import type { TrainRequest, TrainSummary } from '../train/train-request.ts';
import type { Command } from './command.ts';
import { TRAIN_OPTIONS, type TrainValues, trainHelp } from './train-options.ts';

export const train: Command = {
  name: 'train',
  summary: 'Teach a student to rank as the labels do, one call per passage.',
  help: trainHelp,
  async run(args) {
    const values = readOptions('train', args, TRAIN_OPTIONS);
    const request = readRequest(values, args);
    const interrupt = onInterrupt();
    const progress = new Progress();
    try {
      const summary = await runTrain(
        { ...request, signal: interrupt.signal },
        {
          notice: (line) => progress.note(line),
          estimated(estimate) {
            if (!request.dryRun) progress.say(estimateLines(estimate).join('\n'));
          },
          progress: (done, total, unit, what) => progress.update(done, total, unit, what),
          validated: (point) => progress.say(validationLine(point)),
        },
      );
      progress.end();
      if (values.json) printSummary(summary);
      else if (summary.state === 'dry-run') console.log(estimateLines(summary.estimate!).join('\n'));
      else if (summary.state === 'done') console.log(summaryLines(summary).join('\n'));
      if (summary.state === 'cancelled') throw interrupted(summary);
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

function readRequest(values: TrainValues, args: readonly string[]): TrainRequest {
  if (values.resume && values.fresh) throw usage('train', 'Give --resume or --fresh, not both');
  const { json, validation, qrels, ...given } = values;
  return {
    ...given,
    command: `npm run trainer -- train ${args.map(quoted).join(' ')}`,
    // With labels to validate on, the judgments are theirs.
    validation: validation?.map((path) => ({ path, qrels })),
    qrels: validation ? undefined : qrels,
  };
}

/** For a command line that is shown: quotes where the shell needs them. */
const quoted = (arg: string) => (/^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);

function interrupted({ steps: { done, total }, output }: TrainSummary): RankscopeError {
  const where =
    done === 0 ? 'before the first step' : `after ${done} of ${total} steps, which are saved in ${output}`;
  const advice = output === undefined ? '' : ' Run the same command again to continue.';
  return new RankscopeError('cancelled', `Interrupted ${where}.${advice}`);
}
