/** `distill`: a corpus and queries to a student, from one recipe. */
import { readFile } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { outputFolder } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import type { DistillSummary } from '../distill/distill-request.ts';
import { estimateLines, lastLines, severalLastLines, severalLines } from '../distill/report.ts';
import { runDistill } from '../distill/run-distill.ts';
import type { SeveralSummary } from '../distill/run-several.ts';
import { writing } from '../node/writing.ts';
import type { Command } from './command.ts';
import { DISTILL_OPTIONS, distillHelp } from './distill-options.ts';

export const distill: Command = {
  name: 'distill',
  summary: 'Candidates, labels, training, evaluation and export from one recipe.',
  help: distillHelp,
  async run(args) {
    const values = readOptions('distill', args, DISTILL_OPTIONS);
    const request = { ...values, output: outputFolder('distill', values.output, values.dryRun) };
    const interrupt = onInterrupt();
    const progress = new Progress();
    let stage = '';
    let student = '';
    try {
      const run = () =>
        runDistill(
          { ...request, signal: interrupt.signal },
          {
            notice: (text) => progress.note(text),
            estimated(estimate) {
              if (!request.dryRun) progress.say(estimateLines(estimate).join('\n'));
            },
            estimatedAll(lines) {
              if (!request.dryRun) progress.say(severalLines(lines).join('\n'));
            },
            student(name, number, of) {
              student = `${name}, `;
              progress.say(`Student ${number} of ${of}, ${name}.`);
            },
            stage(name, number, state) {
              stage = `${student}stage ${number} of 5, ${name}`;
              progress.say(`Stage ${number} of 5, ${name}: ${STARTS[state]}.`);
            },
            progress(done, total, counted, what) {
              const kind = `${stage} ${counted} ${what.split(' ', 1)}`;
              const where = [stage, what].filter((text) => text !== '').join(', ');
              progress.update(done, total, counted, where, kind);
            },
          },
        );
      const summary = await writing(request.output, 'Completed work is kept.', run);
      progress.end();
      if (values.json) printSummary(summary);
      else if (isSeveral(summary)) await printSeveral(summary);
      else if (summary.state === 'dry-run') console.log(estimateLines(summary.estimate!).join('\n'));
      else if (summary.state === 'done') {
        if (summary.table) console.log(`${(await readFile(summary.table, 'utf8')).trimEnd()}\n`);
        console.log(lastLines(summary).join('\n'));
      }
      if (summary.state === 'cancelled') throw interrupted(summary);
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

const isSeveral = (summary: DistillSummary | SeveralSummary): summary is SeveralSummary =>
  'students' in summary;

async function printSeveral(summary: SeveralSummary): Promise<void> {
  if (summary.state === 'dry-run') console.log(severalLines(summary).join('\n'));
  if (summary.state !== 'done') return;
  if (summary.table) console.log(`${(await readFile(summary.table, 'utf8')).trimEnd()}\n`);
  console.log(severalLastLines(summary).join('\n'));
}

/** How a stage starts; results that no longer fit were refused or removed before. */
const STARTS = {
  done: 'already done',
  begun: 'resumed',
  new: 'started',
  changed: 'started over',
  altered: 'started over',
} as const;

function interrupted(summary: DistillSummary | SeveralSummary): RankscopeError {
  const { output } = summary;
  const student = isSeveral(summary)
    ? summary.students.find((one) => one.summary?.state === 'cancelled')
    : undefined;
  const own = isSeveral(summary) ? student?.summary : summary;
  const stages = own?.stages ?? [];
  const at = stages.find(({ state }) => state === 'cancelled');
  const of = student ? ` at student ${student.name}` : '';
  const where = at ? `${of} in stage ${stages.indexOf(at) + 1} of ${stages.length} (${at.stage})` : of;
  return new RankscopeError(
    'cancelled',
    `Interrupted${where}. Completed work is kept in ${output}; run the same command again to continue.`,
  );
}
