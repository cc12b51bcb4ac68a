import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RankscopeError } from '../../src/errors.ts';
import { prepare } from '../data/prepare.ts';
import { workFolder } from '../data/work-folder.ts';
import { runPipeline } from '../training/pipeline.ts';
import { readRecipe } from '../training/recipe.ts';
import type { Command } from './command.ts';

export const pretrain: Command = {
  name: 'pretrain',
  summary: 'Train the embedded teacher and student from the collections, from scratch.',
  help: `Usage: npm run trainer -- pretrain --recipe FILE --output DIR [--skip-prepare]

Goes from the open collections (RANKSCOPE_DATA, default ../shared/data) to two checkpoints:
DIR/base (pairwise A/B and relevance Yes/No) and DIR/student (distilled). Steps that are done are
skipped and a stopped run goes on where it was: run the same command again.

  --recipe FILE    the recipe, e.g. trainer/recipes/embedded.yaml
  --output DIR     folder for checkpoints, states and training.jsonl
  --skip-prepare   do not look whether the data is complete (${workFolder})`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        recipe: { type: 'string' },
        output: { type: 'string' },
        'skip-prepare': { type: 'boolean', default: false },
      },
    });
    if (!values.recipe || !values.output) {
      throw new RankscopeError('bad-input', 'pretrain needs --recipe FILE and --output DIR.');
    }
    const recipe = readRecipe(values.recipe);
    if (!values['skip-prepare']) await prepare((line) => console.log(line));
    await runPipeline(recipe, { data: workFolder, output: resolve(values.output) });
  },
};
