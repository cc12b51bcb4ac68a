/** `export`: weights → the folder that the page, the trainer and transformers read. */
import type { Dtype } from '../../src/inference/scorer.ts';
import { outputFolder } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import {
  type ExportEstimate,
  type ExportRequest,
  planExport,
  refuseExport,
  runExport,
} from '../export/run-export.ts';
import { resourcesText } from '../node/machine.ts';
import type { Command } from './command.ts';
import { EXPORT_OPTIONS, exportHelp } from './export-options.ts';

const DEFAULT_DTYPES: readonly Dtype[] = ['int8', 'q8'];

export const exportCommand: Command = {
  name: 'export',
  summary: 'Make a checkpoint folder for the page: quantised scorers, digests, model card.',
  help: exportHelp,
  async run(args) {
    const values = readOptions('export', args, EXPORT_OPTIONS);
    const interrupt = onInterrupt();
    const progress = new Progress();
    const say = (line: string) => {
      progress.end();
      if (!values.json) console.log(line);
    };
    const { checkpoint, index, card, role, name, threads } = values;
    const request: ExportRequest = {
      checkpoint,
      index,
      card,
      role,
      name,
      threads,
      output: outputFolder('export', values.output, values.dryRun),
      dtypes: values.dtypes ?? DEFAULT_DTYPES,
      weights: values.weights === 'fp32' ? 'F32' : 'BF16',
      signal: interrupt.signal,
    };
    try {
      if (values.dryRun) {
        const estimate = await planExport(request);
        say(estimateLine(estimate));
        refuseExport(estimate, request);
        if (values.json) printSummary({ command: 'export', state: 'dry-run', estimate });
        return;
      }
      const began = performance.now();
      const { name, role, dtypeMeasures } = await runExport(request, {
        say,
        estimated: (estimate) => progress.say(estimateLine(estimate)),
        step: (done, total, what) => progress.update(done, total, 'steps', what),
      });
      if (values.json) {
        const seconds = (performance.now() - began) / 1000;
        const figures = { output: request.output, name, role, seconds, dtypeMeasures };
        printSummary({ command: 'export', state: 'done', ...figures });
      }
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

function estimateLine(estimate: ExportEstimate): string {
  const { parameters, seconds, free } = estimate;
  return `${count(parameters)} weights: about ${duration(seconds)}, ${resourcesText(estimate, free)}.`;
}
