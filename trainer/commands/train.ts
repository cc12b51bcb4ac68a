/** `train`: labels to a student. */
import { RankscopeError } from '../../src/errors.ts';
import type { OptionValues } from '../cli/args.ts';
import { number, oneOf, readOptions, required, usage, wholeNumber } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { estimateLines, summaryLines, validationLine } from '../train/report.ts';
import { runTrain } from '../train/run-train.ts';
import {
  LOSSES,
  RATE_SCHEDULES,
  SELECTIONS,
  type TrainRequest,
  type TrainSummary,
} from '../train/train-request.ts';
import type { Command } from './command.ts';
import { trainHelp } from './train-help.ts';

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;

const OPTIONS = {
  ...{ checkpoint: text, input: texts, output: text, name: text, license: text },
  ...{
    loss: text,
    temperature: text,
    margin: text,
    epochs: text,
    steps: text,
    batch: text,
    accumulate: text,
  },
  ...{ 'learning-rate': text, schedule: text, warmup: text, 'weight-decay': text, beta2: text, clip: text },
  dropout: text,
  ...{ seed: text, threads: text, k: text, 'passage-tokens': text, 'chunk-tokens': text, template: text },
  ...{ validation: texts, qrels: text, 'hold-out': text, 'validate-every': text, select: text },
  ...{ 'save-seconds': text, 'save-steps': text, resume: flag, fresh: flag, 'dry-run': flag, json: flag },
} as const;
type Values = OptionValues<typeof OPTIONS>;

export const train: Command = {
  name: 'train',
  summary: 'Teach a student to rank as the labels do, one call per passage.',
  help: trainHelp,
  async run(args) {
    const values = readOptions('train', args, OPTIONS);
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

function readRequest(values: Values, args: readonly string[]): TrainRequest {
  if (values.resume && values.fresh) throw usage('train', 'Give --resume or --fresh, not both');
  const input = values.input ?? [];
  if (input.length === 0) throw usage('train', '--input is missing');
  const whole = (name: keyof Values & string, least: number, most = 1_000_000_000) =>
    wholeNumber('train', name, values[name] as string | undefined, { least, most });
  const real = (name: keyof Values & string) => number('train', name, values[name] as string | undefined);
  const { validation, qrels } = values;
  return {
    checkpoint: required('train', 'checkpoint', values.checkpoint),
    input,
    output: values['dry-run'] ? values.output : required('train', 'output', values.output),
    dryRun: values['dry-run'],
    ...{ template: values.template, name: values.name, license: values.license },
    command: `npm run trainer -- train ${args.map(quoted).join(' ')}`,
    loss: oneOf('train', 'loss', values.loss, LOSSES),
    schedule: oneOf('train', 'schedule', values.schedule, RATE_SCHEDULES),
    select: oneOf('train', 'select', values.select, SELECTIONS),
    ...{
      temperature: real('temperature'),
      margin: real('margin'),
      epochs: real('epochs'),
      clip: real('clip'),
    },
    ...{ learningRate: real('learning-rate'), weightDecay: real('weight-decay'), beta2: real('beta2') },
    dropout: real('dropout'),
    ...{ steps: whole('steps', 1), batch: whole('batch', 1), accumulate: whole('accumulate', 1) },
    ...{ warmup: whole('warmup', 0), seed: whole('seed', 0, 2 ** 31 - 1), threads: whole('threads', 1, 256) },
    ...{
      k: whole('k', 2),
      passageTokens: whole('passage-tokens', 1),
      chunkTokens: whole('chunk-tokens', 16),
    },
    ...{ holdOut: whole('hold-out', 0), validateEvery: whole('validate-every', 1) },
    ...{ checkpointSeconds: real('save-seconds'), checkpointSteps: whole('save-steps', 1) },
    // With labels to validate on, the judgments are theirs.
    ...(validation ? { validation: validation.map((path) => ({ path, qrels })) } : { qrels }),
    ...{ resume: values.resume, fresh: values.fresh },
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
