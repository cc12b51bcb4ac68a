/**
 * What a command says while it works, on stderr: how far, how fast, how long still. On a terminal that is one line,
 * redrawn; elsewhere (a log file, a CI job, a pipe) a line every half minute, so that a long run is never silent.
 */

/** What is written to; process.stderr fits. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** On a terminal the line is drawn at most this often. */
const DRAW_MS = 100;
/** Elsewhere a line is written at most this often. */
const LOG_SECONDS = 30;
/** Rates are unsteady before this. */
const SETTLED_MS = 500;

/** Seconds between two lines of a log: RANKSCOPE_PROGRESS_SECONDS, or 30. */
function logSeconds(): number {
  const given = Number(process.env.RANKSCOPE_PROGRESS_SECONDS || Number.NaN);
  return given > 0 ? given : LOG_SECONDS;
}

/** Where a kind of work was first seen: rates and times left are measured from there. */
interface Start {
  readonly kind: string;
  readonly done: number;
  readonly at: number;
}

export class Progress {
  private readonly target: ProgressTarget;
  private readonly now: () => number;
  private readonly everyMs: number;
  private start: Start | undefined;
  private last: number;
  private shown = false;

  constructor(target: ProgressTarget = process.stderr, now: () => number = () => performance.now()) {
    this.target = target;
    this.now = now;
    this.everyMs = target.isTTY ? DRAW_MS : 1000 * logSeconds();
    this.last = target.isTTY ? Number.NEGATIVE_INFINITY : now();
  }

  /**
   * Tell it once before the work of a kind begins, with what is done already: rates count from there.
   * @param total undefined where nobody knows it
   * @param unit plural noun of what is counted, e.g. `calls`
   * @param kind rates and times left are those of one kind of work; the unit unless given
   */
  update(done: number, total: number | undefined, unit: string, what = '', kind = unit): void {
    const now = this.now();
    if (this.start?.kind !== kind || done < this.start.done) this.start = { kind, done, at: now };
    if (now - this.last < this.everyMs) return;
    this.last = now;
    const line = progressLine(done, total, unit, now - this.start.at, what, this.start.done);
    if (!this.target.isTTY) {
      this.target.write(`${line}\n`);
      return;
    }
    this.target.write(`\r\u001b[2K${line.slice(0, Math.max(20, (this.target.columns || 80) - 1))}`);
    this.shown = true;
  }

  /** A line that stays: an estimate, a stage that is done. */
  say(line: string): void {
    this.end();
    this.target.write(`${line}\n`);
  }

  /** What the user should know. */
  note(text: string): void {
    this.say(text.startsWith('Warning: ') ? text : `Note: ${text}`);
  }

  /** Clears the line, so that what follows stands alone. */
  end(): void {
    if (this.shown) this.target.write('\r\u001b[2K');
    this.shown = false;
  }
}

/**
 * `120 of 900 calls · 13 % · 60 calls/s · 13 s left · query q7`.
 * @param elapsedMs since `from` of them were done
 */
export function progressLine(
  done: number,
  total: number | undefined,
  unit: string,
  elapsedMs: number,
  what = '',
  from = 0,
): string {
  const parts = [
    total === undefined ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`,
  ];
  if (total !== undefined && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`);
  if (done > from && elapsedMs >= SETTLED_MS) {
    const rate = (done - from) / (elapsedMs / 1000);
    parts.push(`${rateText(rate)} ${unit}/s`);
    if (total !== undefined && done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  if (what !== '') parts.push(what);
  return parts.join(' · ');
}

/** Two digits that count: `61`, `4.2`, `0.025`. */
export function rateText(rate: number): string {
  if (rate >= 10) return String(Math.round(rate));
  return rate >= 1 ? rate.toFixed(1) : rate.toPrecision(2);
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
