/** `evaluate`: two doors to one table, runs that exist and methods that are run for it. */

import { usage } from '../cli/args.ts';
import { readOptions } from '../cli/options.ts';
import { presetList } from '../evaluate/paper-preset.ts';
import type { Command } from './command.ts';
import { evaluateMethods } from './evaluate-methods.ts';
import { EVALUATE_OPTIONS, evaluateHelp } from './evaluate-options.ts';
import { evaluateRuns } from './evaluate-runs.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Measure runs, or methods and checkpoints, against judgments.',
  help: evaluateHelp,
  async run(args) {
    const values = readOptions('evaluate', args, EVALUATE_OPTIONS);
    if (values.preset === 'list') {
      console.log(presetList());
      return;
    }
    if (values.run && values.data) throw usage('evaluate', '--run and --data are two different evaluations');
    if (values.run) return evaluateRuns(values);
    if (values.data) return evaluateMethods(values);
    throw usage('evaluate', 'Give either --run FILE… --qrels FILE or --data DIR… --output DIR');
  },
};
