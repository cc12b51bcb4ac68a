import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readOptions, required } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { count, duration } from '../cli/progress.ts';
import { prepare } from '../data/prepare.ts';
import { workFolder } from '../data/work-folder.ts';
import { estimatePretrain, type PretrainEstimate } from '../training/estimate.ts';
import { runPipeline } from '../training/pipeline.ts';
import { readRecipe } from '../training/recipe.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  recipe: { type: 'string' },
  output: { type: 'string' },
  'skip-prepare': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const pretrain: Command = {
  name: 'pretrain',
  summary: 'Train the embedded teacher and student from the collections, from scratch.',
  help: `Usage: npm run trainer -- pretrain --recipe FILE --output DIR [--dry-run] [--json]

Goes from the open collections (RANKSCOPE_DATA, default ../shared/data) to two checkpoints:
DIR/base (pairwise A/B and relevance Yes/No) and DIR/student (distilled), and measures both on held-out
sets. Steps that are done are skipped and a stopped run goes on where it was: run the same command
again. Hours on two cores.

  --recipe FILE    the recipe, e.g. trainer/recipes/embedded.yaml
  --output DIR     folder for checkpoints, states and training.jsonl
  --dry-run        only say what it will take, from a few measured steps of each kind (a minute)
  --skip-prepare   do not look whether the data is complete (${workFolder})
  --json           one line at the end: folders, steps, seconds

Ctrl-C saves the state and ends; after kill -9 the last minute is done again. A folder that was begun with another
recipe or other data is refused with what changed.
Exit codes: 0 done, 1 wrong input or any other failure, 130 interrupted.

Then: npm run trainer -- export --checkpoint DIR/student --output FOLDER`,
  async run(args) {
    const values = readOptions('pretrain', args, OPTIONS);
    const recipe = readRecipe(required('pretrain', 'recipe', values.recipe));
    const say = values.json ? (line: string) => console.error(line) : (line: string) => console.log(line);
    if (values['dry-run']) {
      const prepared = existsSync(join(workFolder, 'training', 'meta.json'));
      const estimate = await estimatePretrain(recipe, prepared);
      console.log(values.json ? JSON.stringify({ command: 'pretrain', estimate }) : estimateText(estimate));
      return;
    }
    const output = resolve(required('pretrain', 'output', values.output));
    const started = performance.now();
    if (!values['skip-prepare']) await prepare(say);
    const interrupt = onInterrupt();
    try {
      await runPipeline(recipe, { data: workFolder, output }, { print: say, signal: interrupt.signal });
    } finally {
      interrupt.release();
    }
    if (values.json) {
      const seconds = (performance.now() - started) / 1000;
      const folders = { base: join(output, 'base'), student: join(output, 'student') };
      const { match, pair, refine, polish, distil } = recipe;
      const steps = [match, pair, refine, polish, distil].reduce((sum, stage) => sum + stage.steps, 0);
      const summary = { command: 'pretrain', state: 'done', recipe: recipe.name, output, ...folders };
      console.log(JSON.stringify({ ...summary, steps, seconds }));
    }
  },
};

function estimateText({ stages, seconds, memoryBytes, diskBytes }: PretrainEstimate): string {
  const lines = stages.map(
    ({ stage, work, unit, seconds: own }) =>
      `${stage.padEnd(9)} ${count(Math.round(work)).padStart(9)} ${unit.padEnd(6)} ${duration(own)}`,
  );
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    ...lines,
    `Together about ${duration(seconds)}, ${gigabytes(memoryBytes)} of memory, ${gigabytes(diskBytes)} on disk.`,
  ].join('\n');
}
