/** `worker`: labels for a `label --queue` that runs on this machine or another one. */
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { readOptions } from '../cli/options.ts';
import { count, duration, Progress } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { planTeacher } from '../label/teacher.ts';
import { readQueueAddress } from '../queue/connection.ts';
import type { WorkerSummary } from '../queue/run-worker.ts';
import type { Command } from './command.ts';
import { WORKER_OPTIONS, workerHelp } from './worker-options.ts';

export const worker: Command = {
  name: 'worker',
  summary: 'Label for a label --queue on this machine or another one.',
  help: workerHelp,
  async run(args) {
    const { queue, json, ...values } = readOptions('worker', args, WORKER_OPTIONS);
    const address = readQueueAddress(queue);
    if (values.dryRun) {
      const { checkpoint, dtype } = values;
      const { card, dtype: chosen } = await planTeacher(checkpoint, dtype);
      if (json) printSummary({ command: 'worker', state: 'dry-run', name: card.name, dtype: chosen });
      else console.log(`${card.name} (${chosen}) would label what ${address.shown} has.`);
      return;
    }
    // What speaks to Redis takes as long to load as half of the trainer: other commands go without it.
    const { runWorker } = await import('../queue/run-worker.ts');
    const interrupt = onInterrupt();
    const progress = new Progress();
    try {
      const summary = await runWorker(
        { ...values, address, signal: interrupt.signal },
        {
          notice: (text) => progress.note(text),
          progress: ({ jobs, calls }) => progress.update(calls, undefined, 'calls', counted(jobs, 'job')),
        },
      );
      progress.end();
      if (json) printSummary(summary);
      else console.log(summaryLine(summary));
      if (summary.state === 'cancelled') {
        throw new RankscopeError('cancelled', 'Stopped. What was in work is back in the queue.');
      }
    } finally {
      progress.end();
      interrupt.release();
    }
  },
};

const summaryLine = ({ jobs, queries, calls, seconds }: WorkerSummary): string =>
  `${counted(queries, 'query', 'queries')} labelled in ${counted(jobs, 'job')}: ${count(calls)} calls in ${duration(seconds)}.`;
