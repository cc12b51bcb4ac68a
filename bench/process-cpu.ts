/** Processor time of other processes, as Linux counts it. */
import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS = 100;

/**
 * Seconds of all threads of a process so far, user and system.
 * @returns undefined where there is no /proc, or no such process
 */
export function processorSeconds(pid: number | undefined): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may have spaces: fields are counted from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}

/** Of several together; undefined where one of them is not known. */
export function processorSecondsOf(pids: readonly (number | undefined)[]): number | undefined {
  const all = pids.map(processorSeconds);
  return all.every((one) => one !== undefined) ? all.reduce((sum, one) => sum + one, 0) : undefined;
}
