/** `convert`: a T5 as downloaded from Hugging Face → a checkpoint folder. */

import { counted, excerpt } from '../../src/formats/excerpt.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { outputFolder } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, megabytes, Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import type { ConvertPlan, ConvertRequest, ConvertSummary } from '../convert/convert-types.ts';
import { runConvert } from '../convert/run-convert.ts';
import { bytesText, resourcesText } from '../node/machine.ts';
import type { Command } from './command.ts';
import { CONVERT_OPTIONS, convertHelp } from './convert-options.ts';

export const convert: Command = {
  name: 'convert',
  summary: 'Make a checkpoint folder from a T5 downloaded from Hugging Face.',
  help: convertHelp,
  async run(args) {
    const { request, json } = readRequest(args);
    const interrupt = onInterrupt();
    const progress = new Progress();
    const say = (line: string) => {
      progress.end();
      if (!json) console.log(line);
    };
    try {
      const result = await runConvert(
        { ...request, signal: interrupt.signal },
        {
          planned(plan) {
            const lines = planLines(plan, request).join('\n');
            if (request.dryRun) say(lines);
            else progress.say(lines);
          },
          progress: ({ done, total, what }) => progress.update(megabytes(done), megabytes(total), 'MB', what),
          measured: (dtype, { bytes, scoreError, agreement }) =>
            say(
              `${dtype.padEnd(5)} ${count(bytes).padStart(13)} bytes   error ${(100 * scoreError).toFixed(2)} % ` +
                `of the scores' standard deviation, ${(100 * agreement).toFixed(1)} % decided as in fp32`,
            ),
        },
      );
      progress.end();
      if (json) printSummary({ command: 'convert', state: request.dryRun ? 'dry-run' : 'done', ...result });
      else if ('seconds' in result) console.log(lastLine(result));
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

function readRequest(args: readonly string[]): { request: ConvertRequest; json: boolean } {
  const { json, template, skipMeasure, weights, ...values } = readOptions('convert', args, CONVERT_OPTIONS);
  const request = {
    ...values,
    output: outputFolder('convert', values.output, values.dryRun),
    dtypes: values.dtypes ?? DEFAULT_DTYPES,
    weights: weights && STORED[weights],
    templates: template,
    measure: !skipMeasure,
  };
  return { json, request };
}

const DEFAULT_DTYPES: readonly Dtype[] = ['int8', 'q8'];
const STORED = { bf16: 'BF16', fp32: 'F32' } as const;

function planLines(plan: ConvertPlan, { weightsOnly }: ConvertRequest): string[] {
  const { name, role, parameters, stored, templates, unused, memory, disk, unmeasured, trainedTemplates } =
    plan;
  const { estimatedSeconds } = plan;
  const needs = { memoryBytes: memory.needed, diskBytes: disk.needed };
  const free = { memoryBytes: memory.available, diskBytes: disk.available };
  const time = estimatedSeconds === undefined ? '' : `about ${duration(estimatedSeconds)}, `;
  const lines = [
    `${name}: ${count(parameters)} weights (${stored}), role ${role}, templates ${templates.join(', ')}.`,
    `Needs ${time}${resourcesText(needs, free)}.`,
  ];
  if (unused.count > 0) {
    const more =
      unused.count > unused.names.length ? ` and ${count(unused.count - unused.names.length)} more` : '';
    const names = unused.names.map((name) => excerpt(name, 80)).join(', ');
    lines.push(
      `Note: not used, because this T5 has no such parameters: ${counted(unused.count, 'tensor')} (${names}${more}).`,
    );
  }
  if (weightsOnly) {
    lines.push('Without tokenizer and card: neither the page nor rank can use this folder.');
    return lines;
  }
  if (!trainedTemplates) {
    lines.push(
      `Note: ${name} is not known to have been trained on these wordings. Use --template to choose others.`,
    );
  }
  if (unmeasured !== undefined) lines.push(`Scores will not be compared with fp32: ${unmeasured}.`);
  return lines;
}

function lastLine({ output, bytes, seconds, peakMemory }: ConvertSummary): string {
  return `Written to ${output}: ${bytesText(bytes)} in ${duration(seconds)}, at most ${bytesText(peakMemory)} of memory.`;
}
