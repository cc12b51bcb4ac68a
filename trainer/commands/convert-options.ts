/** Options and help of `convert`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { among } from '../cli/rule.ts';
import * as shared from './shared-options.ts';

export const CONVERT_OPTIONS = {
  Required: {
    input: needed(
      text(
        'DIR',
        'config.json, the tokenizer (tokenizer.json with tokenizer_config.json, or spiece.model, from which both ' +
          'are made) and the weights: model.safetensors or pytorch_model.bin, each whole or in shards with an index.\n' +
          'A .bin is read as data: whatever is not a tensor is refused, nothing is run.',
      ),
    ),
    output: neededToWrite(text('DIR', 'the folder to write; files of an earlier conversion are replaced')),
  },
  Options: {
    dtypes: shared.dtypes,
    weights: ruled(
      among(['bf16', 'fp32']),
      'W',
      'model.safetensors as bf16 or fp32 (default: bf16 where the source is, else fp32)',
    ),
    name: text('NAME', "name for people (default: the input folder's)"),
    role: shared.role('teacher, student or base (default: by what the model is)'),
    template: text(
      'IDS',
      'presets for the card, with commas, the first of a kind its default. Unless given: monoT5: monot5; ' +
        'rank-flan-t5: paper-student; others: paper-prp, paper-relevance, paper-student, which they were not trained on',
    ),
    weightsOnly: flag(
      'only config.json, model.safetensors and scorers: for folders without a tokenizer. The page and rank cannot ' +
        'use the result',
    ),
    skipMeasure: flag('do not compare scores with fp32'),
    threads: { ...shared.threads, help: 'threads for comparing' },
    dryRun: flag(
      'check, measure a small model of the same widths, print time, memory and disk; write nothing',
    ),
    json: flag('print the summary as one line of JSON instead'),
  },
};

export type ConvertValues = OptionValues<typeof CONVERT_OPTIONS>;

export const convertHelp = helpOf({
  usage: 'convert --input HF_DIR --output DIR',
  about: `Makes a checkpoint folder, for the page and for training, from a T5 as Hugging Face keeps it. Nothing
is downloaded: get the model's folder first, for instance with "git clone" (and git lfs) or "hf download".
Names, shapes and labels are checked, memory and disk counted, before any weights are read.`,
  examples: `  A teacher for the page, from google/flan-t5-small:
    npm run trainer -- convert --input flan-t5-small --output models/flan-t5-small
  One that will be trained on (smallest files; weights are always kept):
    npm run trainer -- convert --input flan-t5-base --dtypes int8 --output models/flan-t5-base
  How long would it take, and does it fit?
    npm run trainer -- convert --input monot5-base-msmarco --output models/monot5 --dry-run`,
  options: CONVERT_OPTIONS,
  more: `Stopped at any moment (Ctrl-C, kill -9, a full disk) the folder has no ranker.json and is never treated as
complete: run the same command again.`,
});
