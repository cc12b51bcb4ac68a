/** Peak memory of a part of a bench. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Starts a new measurement: Linux forgets the peak so far. Elsewhere the peak stays that of the whole process. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux, or not allowed: peakMegabytes then says the process's peak since its start.
  }
}

/** Peak resident memory of this process since `forgetPeak`, in MB. */
export function peakMegabytes(): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line) return Math.round(Number(line[1]) / 1000);
  } catch {
    // No /proc.
  }
  return Math.round(process.resourceUsage().maxRSS / 1000);
}
