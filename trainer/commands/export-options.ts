/** Options and help of `export`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { among } from '../cli/rule.ts';
import * as shared from './shared-options.ts';

export const EXPORT_OPTIONS = {
  Required: {
    checkpoint: needed(
      text(
        'DIR',
        "config.json, model.safetensors, tokenizer.json, tokenizer_config.json (Hugging Face's " +
          'T5ForConditionalGeneration), with card.json or ranker.json if any',
      ),
    ),
    output: neededToWrite(text('DIR', 'the folder to write; files of an earlier export are replaced')),
  },
  Options: {
    dtypes: shared.dtypes,
    weights: ruled(
      among(['bf16', 'fp32']),
      'W',
      'model.safetensors as bf16 (default) or fp32; scorers are always made from the weights as they are in --checkpoint',
    ),
    card: text(
      'FILE',
      'JSON with fields of ranker.json: name, role, description, license, templates (whole, or ids), limits, ' +
        'provenance, evaluation; default DIR/card.json, else DIR/ranker.json',
    ),
    role: shared.role('teacher, student or base; decides the templates where the card has none'),
    name: text('NAME', "name for people (default: the card's, else the folder's)"),
    index: text('FILE', 'add the folder to this list of models, or replace its entry'),
    threads: { ...shared.threads, help: 'threads for measuring' },
    dryRun: flag(
      'check, measure a small model of the same widths, print time, memory and disk; write nothing',
    ),
    json: flag('print the figures as one line of JSON instead'),
  },
};

export type ExportValues = OptionValues<typeof EXPORT_OPTIONS>;

export const exportHelp = helpOf({
  usage: 'export --checkpoint DIR --output DIR',
  about: `Makes a checkpoint folder from weights: scorers for the page, digests, a model card. Each scorer is
compared with fp32 on prompts of the samples; the figures are printed and kept in the card.`,
  examples: `  The trained student, for the page:
    npm run trainer -- export --checkpoint .cache/embedded/student --role student \\
      --output public/models/demo-student --index public/models/index.json
  A T5 from Hugging Face, all dtypes, weights kept as they are:
    npm run trainer -- export --checkpoint flan-t5-small --role teacher \\
      --dtypes fp32,int8,q8,q4 --weights fp32 --output models/flan-t5-small`,
  options: EXPORT_OPTIONS,
  more: `Stopped at any moment (Ctrl-C, kill -9, a full disk) the folder has no ranker.json and is never treated as
complete: run the same command again.`,
});
