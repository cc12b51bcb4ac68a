/** The trainer as a process of its own: what a person or a script starts, stops and kills. */
import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { bundleTrainer } from './bundle.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** What `npm run trainer` starts, and the same in one file, which is there in a quarter of the time. */
const FROM_SOURCE = [process.execPath, '--import', 'tsx', 'trainer/main.ts'] as const;
const TRAINER = [process.execPath, await bundleTrainer(inject('trainerBundle'))] as const;

/** Starts the trainer without npm in between, so that a signal reaches the trainer itself. */
export function startTrainer(args: readonly string[]): Started {
  return start([...TRAINER, ...args]);
}

/** The trainer with a limit on the size of files, which stands for a full disk: a write ends in its middle. */
export function runWithFullDisk(args: readonly string[], largestFile: number): Promise<Finished> {
  const script = `ulimit -f ${Math.floor(largestFile / 1024)}; trap '' XFSZ; exec "$@"`;
  return start(['bash', '-c', script, 'bash', ...TRAINER, ...args]).finished;
}

function start([command, ...args]: readonly string[]): Started {
  const child = spawn(command!, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => {
    stdout += String(data);
  });
  child.stderr!.on('data', (data) => {
    stderr += String(data);
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

export function runTrainer(args: readonly string[]): Promise<Finished> {
  return startTrainer(args).finished;
}

/** As people start it, for a test or two of each kind. */
export function runFromSource(args: readonly string[]): Promise<Finished> {
  return start([...FROM_SOURCE, ...args]).finished;
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
