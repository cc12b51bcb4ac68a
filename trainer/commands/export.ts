/** `export`: weights → the folder that the page, the trainer and transformers read. */
import { DTYPES } from '../../src/checkpoint/card-read.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { oneOf, outputFolder, readOptions, required, wholeNumber } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
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
import { exportHelp } from './export-help.ts';

const OPTIONS = {
  checkpoint: { type: 'string' },
  output: { type: 'string' },
  dtypes: { type: 'string' },
  weights: { type: 'string' },
  index: { type: 'string' },
  card: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  threads: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const exportCommand: Command = {
  name: 'export',
  summary: 'Make a checkpoint folder for the page: quantised scorers, digests, model card.',
  help: exportHelp,
  async run(args) {
    const values = readOptions('export', args, OPTIONS);
    const interrupt = onInterrupt();
    const progress = new Progress();
    const say = (line: string) => {
      progress.end();
      if (!values.json) console.log(line);
    };
    const request: ExportRequest = {
      checkpoint: required('export', 'checkpoint', values.checkpoint),
      output: outputFolder('export', values.output, values['dry-run']),
      dtypes: readDtypes(values.dtypes ?? 'int8,q8'),
      weights: oneOf('export', 'weights', values.weights, ['bf16', 'fp32']) === 'fp32' ? 'F32' : 'BF16',
      index: values.index,
      card: values.card,
      role: oneOf('export', 'role', values.role, ['teacher', 'student', 'base']),
      name: values.name,
      threads: wholeNumber('export', 'threads', values.threads, { least: 1, most: 256 }),
      signal: interrupt.signal,
    };
    try {
      if (values['dry-run']) {
        const estimate = await planExport(request);
        say(estimateLine(estimate));
        refuseExport(estimate, request);
        if (values.json) printSummary({ command: 'export', state: 'dry-run', ...{ estimate } });
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

function readDtypes(text: string): Dtype[] {
  const dtypes = text.split(',').map((word) => oneOf('export', 'dtypes', word.trim(), DTYPES)!);
  return [...new Set(dtypes)];
}
