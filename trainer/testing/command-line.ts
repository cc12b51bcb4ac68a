/** The trainer as a process of its own: what a person or a script starts, stops and kills. */
import { stat } from 'node:fs/promises';
import { inject } from 'vitest';
import { bundleTrainer } from './bundle.ts';
import { type Finished, type Started, startProcess } from './start-process.ts';

export type { Finished, Started };

/** What `npm run trainer` starts, and the same in one file, which is there in a quarter of the time. */
const FROM_SOURCE = [process.execPath, '--import', 'tsx', 'trainer/main.ts'] as const;
const TRAINER = [process.execPath, await bundleTrainer(inject('trainerBundle'))] as const;

/** Starts the trainer without npm in between, so that a signal reaches the trainer itself. */
export function startTrainer(args: readonly string[]): Started {
  return startProcess([...TRAINER, ...args]);
}

/** The trainer with a limit on the size of files, which stands for a full disk: a write ends in its middle. */
export function runWithFullDisk(args: readonly string[], largestFile: number): Promise<Finished> {
  const script = `ulimit -f ${Math.floor(largestFile / 1024)}; trap '' XFSZ; exec "$@"`;
  return startProcess(['bash', '-c', script, 'bash', ...TRAINER, ...args]).finished;
}

export function runTrainer(args: readonly string[]): Promise<Finished> {
  return startTrainer(args).finished;
}

/** As people start it, for a test or two of each kind. */
export function runFromSource(args: readonly string[]): Promise<Finished> {
  return startProcess([...FROM_SOURCE, ...args]).finished;
}

/** Sends the signal as soon as the file that `path` finds has at least `bytes`; waits for the end. */
export async function stopWhenGrown(
  { child, finished }: Started,
  path: () => string | undefined | Promise<string | undefined>,
  bytes: number,
  signal: 'SIGKILL' | 'SIGINT',
): Promise<Finished> {
  let over = false;
  void finished.then(() => {
    over = true;
  });
  while (!over) {
    const file = await path();
    const size = file === undefined ? 0 : ((await stat(file).catch(() => undefined))?.size ?? 0);
    if (size >= bytes) {
      child.kill(signal);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return finished;
}
