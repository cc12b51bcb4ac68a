/** One training at a time in a folder: two would spoil each other's log and state. */
import { mkdir, open, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { LOCK } from './record.ts';

/**
 * Takes the folder; a lock that a killed process left is taken over.
 * @returns gives it back, and removes the folder if it was made here and stayed empty
 * @throws RankscopeError 'bad-input' when another process trains there
 */
export async function lockFolder(output: string): Promise<() => Promise<void>> {
  const made = await mkdir(output, { recursive: true });
  const path = join(output, LOCK);
  for (;;) {
    const file = await open(path, 'wx').catch((error: { code?: string }) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (file) {
      await file.writeFile(`${process.pid} ${hostname()}\n`);
      await file.close();
      return async () => {
        await rm(path, { force: true });
        if (made !== undefined) await rmdir(output).catch(() => {});
      };
    }
    const [pid = '', host = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
    if (host === hostname() && Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new RankscopeError(
        'bad-input',
        `Process ${pid} trains in ${output} already. Wait for it, or delete ${path} if that process is something else.`,
      );
    }
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
