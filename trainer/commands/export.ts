/** `export`: weights → the folder that the page, the trainer and transformers read. */
import { DTYPES } from '../../src/inference/card-read.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { oneOf, readOptions, required, wholeNumber } from '../cli/args.ts';
import { runExport } from '../export/run-export.ts';
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
  json: { type: 'boolean', default: false },
} as const;

export const exportCommand: Command = {
  name: 'export',
  summary: 'Make a checkpoint folder for the page: quantised scorers, digests, model card.',
  help: exportHelp,
  async run(args) {
    const values = readOptions('export', args, OPTIONS);
    const say = values.json ? () => {} : (line: string) => console.log(line);
    const card = await runExport(
      {
        checkpoint: required('export', 'checkpoint', values.checkpoint),
        output: required('export', 'output', values.output),
        dtypes: readDtypes(values.dtypes ?? 'int8,q8'),
        weights: oneOf('export', 'weights', values.weights, ['bf16', 'fp32']) === 'fp32' ? 'F32' : 'BF16',
        index: values.index,
        card: values.card,
        role: oneOf('export', 'role', values.role, ['teacher', 'student', 'base']),
        name: values.name,
        threads: wholeNumber('export', 'threads', values.threads, { least: 1, most: 256 }),
      },
      say,
    );
    if (values.json) {
      const { name, role, dtypeMeasures } = card;
      console.log(JSON.stringify({ command: 'export', output: values.output, name, role, dtypeMeasures }));
    }
  },
};

function readDtypes(text: string): Dtype[] {
  const dtypes = text.split(',').map((word) => oneOf('export', 'dtypes', word.trim(), DTYPES)!);
  return [...new Set(dtypes)];
}
