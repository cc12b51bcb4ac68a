/** One training at a time in a folder: two would spoil each other's log and state. */
import { link, mkdir, open, readFile, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { LOCK } from './record.ts';

/** A lock is touched this often, so that another machine, which sees no processes here, can tell that it is held. */
const BEAT_MS = 10_000;
/** One that was not touched for so long is left over. */
const SILENT_MS = 60_000;

/**
 * Takes the folder; a lock that a killed process left is taken over (from another machine's after a minute).
 * @returns gives it back, and removes the folder if it was made here and stayed empty
 * @throws RankscopeError 'bad-input' when another process trains there
 */
export async function lockFolder(output: string): Promise<() => Promise<void>> {
  const made = await mkdir(output, { recursive: true });
  const path = join(output, LOCK);
  while (!(await take(path))) {
    await refuseHeld(output, path);
    await rm(path, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await rm(path, { force: true });
    if (made !== undefined) await rmdir(output).catch(() => {});
  };
}

/** Puts the lock there, whole at once: an empty one would look like nobody's. @returns false when there is one */
async function take(path: string): Promise<boolean> {
  const text = `${process.pid} ${hostname()}\n`;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EEXIST') return false;
    // A file system without links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    return await create(path, text);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function create(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: { code?: string }) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  await file?.writeFile(text);
  await file?.close();
  return file !== undefined;
}

async function refuseHeld(output: string, path: string): Promise<void> {
  const [pid = '', host = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  if (host === hostname()) {
    if (Number(pid) === process.pid || !isAlive(Number(pid))) return;
    throw new RankscopeError(
      'bad-input',
      `Process ${pid} is already training in ${output}. Wait for it, or delete ${path} if that process is something else.`,
    );
  }
  const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  if (Date.now() - touched > SILENT_MS) return;
  throw new RankscopeError(
    'bad-input',
    `A process on ${host || 'another machine'} is already training in ${output}, or was killed less than a minute ago. Wait for it, or delete ${path}.`,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
