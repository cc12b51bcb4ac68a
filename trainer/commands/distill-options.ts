/** Options and help of `distill`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, text, typedAs } from '../cli/options.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { json } from './shared-options.ts';

export const DISTILL_OPTIONS = {
  Required: {
    recipe: needed(
      text(
        'FILE',
        'YAML or JSON, or the name of a shipped recipe: small, paper, published-code, figure-3. Paths in it are relative to ' +
          'it. All mistakes are reported at once, with line and field',
      ),
    ),
    output: neededToWrite(text('DIR', 'a new folder, or that of the same distillation, to resume it')),
  },
  Options: {
    input: text('PATH', 'instead of data.input: a BEIR folder or a corpus file'),
    teacher: typedAs(
      'checkpoint',
      text('DIR', 'instead of teacher.checkpoint; the student starts from it, too'),
    ),
    dryRun: flag(
      'check everything, measure a few prompts and steps, print calls, hours, memory and disk of each stage; leave ' +
        'nothing behind',
    ),
    anew: flag(
      'where the recipe or the data changed: remove the results that no longer fit, and make them again',
    ),
    index: text('FILE', 'at the end, copy the student next to this list of models and add it there'),
    json,
  },
};

export type DistillValues = OptionValues<typeof DISTILL_OPTIONS>;

export const distillHelp = helpOf(
  {
    usage: 'distill --recipe FILE --output DIR',
    about: `Makes a student of your own from one recipe: candidates (BM25), labels (the teacher compares pairs),
training (the student learns the teacher's rankings), evaluation, export for the page.`,
    examples: `  In minutes on two cores, from the embedded teacher, on any BEIR folder:
    npm run trainer -- distill --recipe small --input data/scifact --output my-student
  How long would that take, and does it fit?                  … the same with --dry-run
  Put the student on the page's list of models:               … the same with
    --index public/models/index.json
  The paper's settings, with your own FLAN-T5 (see the command convert) and MS MARCO:
    npm run trainer -- distill --recipe paper --checkpoint models/flan-t5-base \\
      --input marco --output marco-student
  As the authors' published code does it, where that differs (its settings say where they were read):
    npm run trainer -- distill --recipe published-code --checkpoint models/flan-t5-xl \\
      --input marco --output marco-student
  Model sizes and training signals, as in the paper's Figure 3: several students, distilled and supervised (SFT):
    npm run trainer -- distill --recipe figure-3 --input msmarco --output figure
  A recipe of your own: copy trainer/recipes/small.yaml, which explains every field.`,
    options: DISTILL_OPTIONS,
    more: `The folder
  student/           the checkpoint: ranker.json with its history, scorers, weights, README.md
  evaluation/        table.md (bm25, teacher, base, start, student), results.json, TREC runs
  candidates.jsonl   labels.jsonl, labels.audit.json, train/: what each stage made
  recipe.json        the recipe with everything filled in, and digests of all that was read
  work/              records of the stages

A recipe with \`students\` makes several, each in such a folder of its own, and figure.md and figure.json, which compare
them. With \`labels: judgments\` a student learns qrels instead of a teacher's rankings (supervised fine-tuning, SFT).

Stopped by Ctrl-C, kill -9 or a full disk, the same command resumes and reaches the same weights. A stage whose
result is there and belongs to the same recipe and data is skipped. With a changed recipe or changed data
it says which results no longer fit, and does nothing until --anew or another --output is given.`,
  },
  ENCODING_HELP,
);
