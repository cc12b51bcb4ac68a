/** Peak memory of a part of a bench. */
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Starts a new measurement: Linux forgets the peak so far. Elsewhere the peak stays that of the whole process.
 * @param pid of a process of ours; absent: this one
 */
export function forgetPeak(pid: number | 'self' = 'self'): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not Linux, or not allowed: the peak is then the one since the process's start.
  }
}

/** Peak resident memory of this process since `forgetPeak`, in MB. */
export const peakMegabytes = (): number =>
  peakMegabytesOf('self') ?? Math.round(process.resourceUsage().maxRSS / 1000);

/** The same of another process; undefined where there is no /proc. */
export function peakMegabytesOf(pid: number | 'self'): number | undefined {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Math.round(Number(line[1]) / 1000) : undefined;
  } catch {
    return undefined;
  }
}
