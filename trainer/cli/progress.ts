/** Progress on one line of a terminal: how far, how fast, how long still. Says nothing elsewhere. */

/** What a line is written to; process.stderr fits. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The line is drawn at most this often. */
const EVERY_MS = 100;
/** Rates are unsteady before this. */
const SETTLED_MS = 500;

export class Progress {
  private readonly target: ProgressTarget;
  private readonly now: () => number;
  private readonly began: number;
  private drawn = Number.NEGATIVE_INFINITY;
  private shown = false;

  constructor(target: ProgressTarget = process.stderr, now: () => number = () => performance.now()) {
    this.target = target;
    this.now = now;
    this.began = now();
  }

  /** @param unit plural noun of what is counted, e.g. `calls`. */
  update(done: number, total: number, unit: string, what = ''): void {
    if (!this.target.isTTY) return;
    const now = this.now();
    if (now - this.drawn < EVERY_MS) return;
    this.drawn = now;
    const line = progressLine(done, total, unit, now - this.began, what);
    this.target.write(`\r\u001b[2K${line.slice(0, Math.max(20, (this.target.columns || 80) - 1))}`);
    this.shown = true;
  }

  /** Clears the line, so that what follows stands alone. */
  end(): void {
    if (this.shown) this.target.write('\r\u001b[2K');
    this.shown = false;
  }
}

/** `120 of 900 calls · 14 % · 60 calls/s · 13 s left · query q7`. */
export function progressLine(
  done: number,
  total: number,
  unit: string,
  elapsedMs: number,
  what = '',
): string {
  const parts = [`${count(done)} of ${count(total)} ${unit}`];
  if (total > 0) parts.push(`${Math.floor((100 * done) / total)} %`);
  if (done > 0 && elapsedMs >= SETTLED_MS) {
    const rate = done / (elapsedMs / 1000);
    parts.push(`${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} ${unit}/s`);
    if (done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  if (what !== '') parts.push(what);
  return parts.join(' · ');
}

/** Seconds for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whole megabytes, for progress lines. */
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

export const count = (value: number): string => value.toLocaleString('en');
