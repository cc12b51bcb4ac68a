/** Options and help of `pretrain`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { from } from '../cli/rule.ts';
import { workFolder } from '../pretrain/data/work-folder.ts';

export const PRETRAIN_OPTIONS = {
  Required: {
    recipe: needed(text('FILE', 'the recipe, e.g. trainer/recipes/embedded.yaml')),
    output: neededToWrite(text('DIR', 'folder for checkpoints, states and training.jsonl')),
  },
  Options: {
    dryRun: flag(
      'only say what it would take, from a few measured steps of each kind (a minute); a real run says the same first',
    ),
    skipPrepare: flag(`do not check that the data is complete (${workFolder})`),
    saveSeconds: ruled(from(0), 'S', "how often a stage's state is saved (default 60)"),
    verbose: flag(
      'losses and rates in a log file, too (a terminal shows them); training.jsonl has them in any case',
    ),
    json: flag('one line at the end: folders, steps, seconds'),
  },
};

export type PretrainValues = OptionValues<typeof PRETRAIN_OPTIONS>;

export const pretrainHelp = helpOf({
  usage: 'pretrain --recipe FILE --output DIR [--dry-run] [--json]',
  about: `Goes from the open collections (RANKSCOPE_DATA, default ../shared/data) to two checkpoints:
DIR/base (pairwise A/B and relevance Yes/No) and DIR/student (distilled), and measures both on held-out
sets. Steps that are done are skipped and a stopped run resumes where it was: run the same command
again. Hours on two cores.`,
  options: PRETRAIN_OPTIONS,
  more: `Ctrl-C saves the state and stops; after kill -9, whatever followed the last saved state is done again. If the
folder was started with another recipe or other data, the command says what changed and stops.

Then: npm run trainer -- export --checkpoint DIR/student --output FOLDER`,
});
