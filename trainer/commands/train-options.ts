/** Options and help of `train`. */
import { helpOf } from '../cli/help.ts';
import {
  flag,
  needed,
  neededToWrite,
  type OptionValues,
  ruled,
  text,
  texts,
  typedAs,
} from '../cli/options.ts';
import type { Rule } from '../cli/rule.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { SAVE_RULES, SETTING_RULES } from '../train/setting-rules.ts';
import { CHUNK_TOKENS } from '../train/settings.ts';
import { TRAIN_DEFAULTS } from '../train/train-request.ts';
import { json } from './shared-options.ts';

const RULES = { ...SETTING_RULES, ...SAVE_RULES } satisfies Readonly<Record<string, Rule>>;

/** A setting of the training; its bounds, and the default that it has, are the training's. */
const setting = <K extends keyof typeof RULES>(name: K, value: string, help: string) =>
  ruled<(typeof RULES)[K]>(RULES[name], value, help.replace('DEFAULT', String(DEFAULTS[name]))) as Setting<K>;
type Setting<K extends keyof typeof RULES> = ReturnType<typeof ruled<(typeof RULES)[K]>>;
const DEFAULTS: Readonly<Record<string, unknown>> = { ...TRAIN_DEFAULTS, chunkTokens: CHUNK_TOKENS };

export const TRAIN_OPTIONS = {
  Required: {
    checkpoint: needed(
      text(
        'DIR',
        "what training starts from: a folder of ours (with ranker.json, or an earlier training's), or a T5 of " +
          'Hugging Face with its tokenizer (fp32, fp16 or bf16 weights)',
      ),
    ),
    input: needed(
      texts('FILE…', 'labels (see the command label): JSON lines; several files are parts of one'),
    ),
    output: neededToWrite(
      text(
        'DIR',
        'model.safetensors (fp32), config, tokenizer and card.json for export; train.jsonl has every step; ' +
          'train.json has what was read, and the result',
      ),
    ),
  },
  'How to train (defaults: the paper, section 4.3)': {
    loss: setting(
      'loss',
      'L',
      'ranknet: log(1 + exp(worse − better)), mean over the pairs that the teacher orders (default)\n' +
        "ranknet-soft: the same against the probabilities of the teacher's decisions, so that\n" +
        '         what it is unsure of weighs less; for labels that have decisions\n' +
        "listnet: cross-entropy to the softmax of the teacher's scores (--temperature)\n" +
        "softmax: cross-entropy to the teacher's scores as shares\n" +
        'margin:  hinge on the pairs (--margin)',
    ),
    temperature: setting('temperature', 'T', "listnet: divides the teacher's scores (default DEFAULT)"),
    margin: setting('margin', 'M', 'margin: by how much the better passage must lead (default DEFAULT)'),
    epochs: setting('epochs', 'E', 'passes over the lists (default DEFAULT)'),
    steps: setting('steps', 'N', 'instead of epochs; with both, whichever ends first'),
    batch: setting('batch', 'N', 'lists in one part of a step (default DEFAULT)'),
    accumulate: setting('accumulate', 'M', 'parts that make a step (default DEFAULT)'),
    learningRate: setting('learningRate', 'R', "AdamW's (default 3e-5)"),
    schedule: setting('schedule', 'S', 'DEFAULT (default), or linear: falling to 0'),
    warmup: setting('warmup', 'N', 'steps that rise to the rate (default DEFAULT)'),
    weightDecay: setting('weightDecay', 'D', 'decoupled (default DEFAULT)'),
    beta2: setting('beta2', 'B', "AdamW's memory of squared gradients (default DEFAULT)"),
    clip: setting('clip', 'N', 'largest norm of the gradient (default DEFAULT; 0: none)'),
    dropout: setting(
      'dropout',
      'P',
      "share of values dropped in a step, where T5 drops them (default DEFAULT; T5's own is 0.1); never while validating",
    ),
    k: setting('k', 'N', "the teacher's best N passages of each list (default: all)"),
    template: text(
      'T',
      "the student's question: a preset's id, one of the checkpoint's, or a JSON file (default: paper-student). " +
        'Of two labels the first is trained: its logit is the score',
    ),
    passageTokens: setting(
      'passageTokens',
      'N',
      'cut passages to N tokens (default: as the checkpoint reads); the card keeps it',
    ),
    seed: setting('seed', 'N', 'order of the lists, and what is dropped (default DEFAULT)'),
    threads: setting('threads', 'N', "default: the machine's cores, at most 8"),
    chunkTokens: setting(
      'chunkTokens',
      'N',
      "tokens of one run of the model (default DEFAULT): bounds memory, whatever the lists' length",
    ),
  },
  'What is held out, and which weights are kept': {
    validation: texts(
      'FILE…',
      'labels of other queries; queries that the input shares with them are not trained on',
    ),
    holdOut: setting(
      'holdOut',
      'N',
      'without --validation: lists of the input, drawn by hash (default: a twentieth, at most 200)',
    ),
    qrels: text('FILE', 'judgments (TREC, BEIR, JSON) of the queries that are held out: adds nDCG@10'),
    validateEvery: setting(
      'validateEvery',
      'N',
      'steps; default: a tenth of them. Also before the first step and after the last',
    ),
    select: setting(
      'select',
      'S',
      'the step whose weights are kept: ndcg (default with judgments), agreement with the teacher (default ' +
        'without), or last',
    ),
  },
  'Stopping and resuming': {
    checkpointSeconds: typedAs(
      'save-seconds',
      setting('checkpointSeconds', 'S', 'how often the state is saved (default 300)'),
    ),
    checkpointSteps: typedAs('save-steps', setting('checkpointSteps', 'N', 'every N steps instead')),
    resume: flag('fail if there is nothing to resume; without it the same command resumes as well'),
    fresh: flag('delete what a training left in the output folder, and start over'),
    name: text('T', "for the card (default: the folder's name)"),
    license: text('T', "for the card (default: the checkpoint's)"),
    dryRun: flag('check everything, train on a few lists and discard that, print steps, hours, memory, disk'),
    json,
  },
};

export type TrainValues = OptionValues<typeof TRAIN_OPTIONS>;

export const trainHelp = helpOf(
  {
    usage: 'train --checkpoint DIR --input LABELS --output DIR',
    about: `Teaches a student to rank passages one by one as the labels rank them (instruction distillation,
Sun et al. 2023): one call per passage instead of one for each ordered pair.`,
    examples: `  A student of the embedded teacher, from labels of the command label:
    npm run trainer -- train --checkpoint public/models/demo-teacher \\
      --input labels.jsonl --output my-student
  How long, how much memory and disk?                              … the same with --dry-run
  Parts of one label file; queries with judgments to validate on:
    … --input labels-1.jsonl labels-2.jsonl --validation held-out.jsonl --qrels qrels.tsv
  Then make it a checkpoint for the page and the other commands:
    npm run trainer -- export --checkpoint my-student --output models/my-student --dtypes int8`,
    options: TRAIN_OPTIONS,
    more: `Ctrl-C saves the state; after kill -9 or a full disk the last saved one is there. The same command resumes and
reaches the same weights, bit for bit, as a run that was never stopped (same machine, same --threads). If labels,
settings or the checkpoint changed, it says what changed and stops.

The published code differs: bf16, rate 2e-5, decay 0, dropout 0.1, the teacher's best 8 of 20 passages. Both
take 32 lists per step. The command distill has all its settings as --recipe published-code.`,
  },
  ENCODING_HELP,
);
