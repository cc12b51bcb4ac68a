import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAbort, RankscopeError } from '../../src/errors.ts';
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
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
import { PRETRAIN_OPTIONS, pretrainHelp } from './pretrain-options.ts';

export const pretrain: Command = {
  name: 'pretrain',
  summary: 'Train the embedded teacher and student from the collections, from scratch.',
  help: pretrainHelp,
  async run(args) {
    const values = readOptions('pretrain', args, PRETRAIN_OPTIONS);
    const recipe = await readRecipe(values.recipe);
    const progress = new Progress();
    const say = (line: string) => progress.say(line);
    const { dryRun: dry, saveSeconds } = values;
    const output = resolve(values.output ?? '.');
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
      if (dry && values.json) printSummary({ command: 'pretrain', state: 'dry-run', estimate });
      if (dry) return;
    }
    const interrupt = onInterrupt();
    const { signal } = interrupt;
    try {
      if (!values.skipPrepare) {
        await writing(workFolder, 'Prepared data is kept.', () => prepare(say, signal, recipe));
      }
      const options = {
        print: say,
        signal,
        saveSeconds,
        detail: process.stderr.isTTY || values.verbose ? say : undefined,
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
      const steps = [match, pair, refine, polish, distil].reduce(
        (sum, stage) => sum + (stage?.steps ?? 0),
        0,
      );
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
