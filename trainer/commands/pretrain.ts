import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAbort, RankscopeError } from '../../src/errors.ts';
import { number, readOptions, required, usage } from '../cli/args.ts';
import { EXIT_HELP } from '../cli/exit-codes.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { count, duration, Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { refuseWhatCannotFit, resourcesText } from '../node/machine.ts';
import { writing } from '../node/writing.ts';
import { prepare, tokenVectorDims } from '../pretrain/data/prepare.ts';
import { workFolder } from '../pretrain/data/work-folder.ts';
import { checkBegun, doneStages, runPipeline } from '../pretrain/pipeline.ts';
import { estimatePretrain, type PretrainEstimate } from '../pretrain/pretrain-estimate.ts';
import { readRecipe } from '../pretrain/recipe.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  recipe: { type: 'string' },
  output: { type: 'string' },
  'save-seconds': { type: 'string' },
  'skip-prepare': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const pretrain: Command = {
  name: 'pretrain',
  summary: 'Train the embedded teacher and student from the collections, from scratch.',
  help: `Usage: npm run trainer -- pretrain --recipe FILE --output DIR [--dry-run] [--json]

Goes from the open collections (RANKSCOPE_DATA, default ../shared/data) to two checkpoints:
DIR/base (pairwise A/B and relevance Yes/No) and DIR/student (distilled), and measures both on held-out
sets. Steps that are done are skipped and a stopped run resumes where it was: run the same command
again. Hours on two cores.

  --recipe FILE    the recipe, e.g. trainer/recipes/embedded.yaml
  --output DIR     folder for checkpoints, states and training.jsonl
  --dry-run        only say what it would take, from a few measured steps of each kind (a minute);
                   a real run says the same first
  --skip-prepare   do not check that the data is complete (${workFolder})
  --save-seconds S how often a stage's state is saved (default 60)
  --verbose        losses and rates in a log file, too (a terminal shows them); training.jsonl has them in any case
  --json           one line at the end: folders, steps, seconds

Ctrl-C saves the state and stops; after kill -9, whatever followed the last saved state is done again. If the
folder was started with another recipe or other data, the command says what changed and stops.
${EXIT_HELP}

Then: npm run trainer -- export --checkpoint DIR/student --output FOLDER`,
  async run(args) {
    const values = readOptions('pretrain', args, OPTIONS);
    const recipe = await readRecipe(required('pretrain', 'recipe', values.recipe));
    const progress = new Progress();
    const say = (line: string) => progress.say(line);
    const dry = values['dry-run'];
    const saveSeconds = number('pretrain', 'save-seconds', values['save-seconds']);
    const output = resolve(dry ? (values.output ?? '.') : required('pretrain', 'output', values.output));
    const started = performance.now();
    const stages = values.output === undefined ? [] : doneStages(recipe, { data: workFolder, output });
    const prepared = existsSync(join(workFolder, 'training', 'meta.json'));
    if (values.output !== undefined) checkBegun(recipe, { data: workFolder, output });
    if (!prepared) refuseWidth(recipe.model.dModel);
    if (dry || !stages.includes('evaluate')) {
      say('measuring some steps of each kind');
      const estimate = await estimatePretrain(recipe, { prepared, stages }, output);
      if (!dry) say(estimateText(estimate));
      else if (!values.json) console.log(estimateText(estimate));
      refuseWhatCannotFit(
        'This pretraining',
        estimate,
        estimate.free,
        output,
        'Use a smaller model or batch.',
      );
      if (dry && values.json) printSummary({ command: 'pretrain', state: 'dry-run', ...{ estimate } });
      if (dry) return;
    }
    const interrupt = onInterrupt();
    const { signal } = interrupt;
    try {
      if (!values['skip-prepare']) {
        await writing(workFolder, 'Prepared data is kept.', () => prepare(say, signal, recipe.stemming));
      }
      const options = {
        ...{ print: say, signal, saveSeconds },
        ...(process.stderr.isTTY || values.verbose ? { detail: say } : {}),
        progress: (done: number, total: number, unit: string, what: string) =>
          progress.update(done, total, unit, what, what),
      };
      await writing(output, 'Completed work is kept.', () =>
        runPipeline(recipe, { data: workFolder, output }, options),
      );
    } catch (error) {
      if (!isAbort(error)) throw error;
      const { message } = error as Error;
      const isTold = message.includes('Run the same command again');
      throw new RankscopeError(
        'cancelled',
        isTold ? message : 'Interrupted. Completed work is kept. Run the same command again to continue.',
      );
    } finally {
      progress.end();
      interrupt.release();
    }
    const seconds = (performance.now() - started) / 1000;
    const folders = { base: join(output, 'base'), student: join(output, 'student') };
    if (values.json) {
      const { match, pair, refine, polish, distil } = recipe;
      const steps = [match, pair, refine, polish, distil].reduce((sum, stage) => sum + stage.steps, 0);
      const figures = { recipe: recipe.name, output, ...folders, steps, seconds };
      printSummary({ command: 'pretrain', state: 'done', ...figures });
    } else {
      console.log(
        `In ${duration(seconds)}: ${folders.base} and ${folders.student}. Held out: ${output}/evaluation.json.`,
      );
      console.log(`For the page: npm run trainer -- export --checkpoint ${folders.student} --output DIR`);
    }
  },
};

/** Word vectors are prepared for these widths alone. */
function refuseWidth(dModel: number): void {
  const widths = tokenVectorDims.map((dims) => dims + 33);
  if (widths.includes(dModel)) return;
  throw usage('pretrain', `model.dModel is ${dModel}; word vectors are prepared for ${widths.join(' and ')}`);
}

function estimateText(estimate: PretrainEstimate): string {
  const { stages, seconds, free } = estimate;
  if (stages.length === 0) return 'Nothing is left to do: models and table are there.';
  const lines = stages.map(
    ({ stage, work, unit, seconds: own }) =>
      `${stage.padEnd(9)} ${count(Math.round(work)).padStart(9)} ${unit.padEnd(6)} ${duration(own)}`,
  );
  return [...lines, `Together about ${duration(seconds)}; ${resourcesText(estimate, free)}.`].join('\n');
}
