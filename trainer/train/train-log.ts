/**
 * `train.jsonl`: one line a step, the first is step 0 (before any), so that line n is step n. It only
 * grows; a run that goes on takes back the lines behind its state, and makes them again.
 */
import { open } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { ResumableLines } from '../input/resumable-lines.ts';
import type { ValidationPoint } from './train-request.ts';

export type Values = Readonly<Record<string, number>>;

/** A line of the log; step 0 has a validation only. */
export interface StepRecord {
  readonly step: number;
  /** Epochs that are over. */
  readonly epoch?: number;
  /** Mean of the lists' losses, before the update. */
  readonly loss?: number | null;
  readonly rate?: number;
  /** Before clipping. */
  readonly gradientNorm?: number | null;
  readonly tokensPerSecond?: number;
  readonly validation?: Values;
}

export class TrainLog {
  readonly records: StepRecord[];
  private readonly lines: ResumableLines;

  private constructor(lines: ResumableLines, records: StepRecord[]) {
    this.lines = lines;
    this.records = records;
  }

  /**
   * Opens the log with its first `keep` lines; what is behind them is cut off.
   * @throws RankscopeError 'bad-input' when it has fewer, or they are not a training's
   */
  static async open(path: string, keep: number): Promise<TrainLog> {
    await cutBehind(path, keep);
    const records: StepRecord[] = [];
    const lines = await ResumableLines.open(path, {
      whole(line, index) {
        records.push(readRecord(line, index, path));
      },
      half() {},
    });
    if (lines.count < keep) {
      await lines.close();
      throw new RankscopeError(
        'bad-input',
        `${path} has ${lines.count} lines, but the saved state is at step ${keep - 1}: lines were removed. Start over with --fresh.`,
      );
    }
    return new TrainLog(lines, records);
  }

  /** @throws RankscopeError 'device' when the disk is full; the log then ends with its last whole line */
  async append(record: StepRecord): Promise<void> {
    await this.lines.append(JSON.stringify(record));
    this.records.push(record);
  }

  /** Puts all lines on the disk: before a state that counts on them. */
  sync(): Promise<void> {
    return this.lines.sync();
  }

  close(): Promise<void> {
    return this.lines.close();
  }

  /** [step, loss] of every step. */
  get losses(): readonly (readonly [step: number, loss: number])[] {
    return this.records.flatMap(({ step, loss }) =>
      typeof loss === 'number' ? [[step, loss] as const] : [],
    );
  }

  /** Steps whose gradient was not a number: the optimiser left the weights as they were. */
  get skipped(): number {
    return this.records.filter(({ gradientNorm }) => gradientNorm === null).length;
  }

  get validation(): readonly ValidationPoint[] {
    return this.records.flatMap(({ step, validation }) => (validation ? [{ step, values: validation }] : []));
  }
}

function readRecord(line: string, index: number, path: string): StepRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && (value as StepRecord).step === index) {
    return value as StepRecord;
  }
  throw badInput(path, index + 1, `this is not step ${index} of a training. Start over with --fresh.`);
}

/** Cuts the file behind its first `keep` lines, if it has more. */
async function cutBehind(path: string, keep: number): Promise<void> {
  const file = await open(path, 'r+').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const chunk = Buffer.alloc(1 << 16);
    let left = keep;
    let at = 0;
    while (left > 0) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      let from = 0;
      while (left > 0) {
        const newline = chunk.subarray(0, bytesRead).indexOf(10, from);
        if (newline < 0) break;
        from = newline + 1;
        left--;
      }
      at += left === 0 ? from : bytesRead;
    }
    await file.truncate(at);
  } finally {
    await file.close();
  }
}

/** A curve in at most `points` points: means of equal stretches, each at its last step. */
export function thinned(
  curve: readonly (readonly [step: number, loss: number])[],
  points: number,
): [number, number][] {
  const every = Math.max(1, Math.ceil(curve.length / points));
  const out: [number, number][] = [];
  for (let at = 0; at < curve.length; at += every) {
    const part = curve.slice(at, at + every);
    const mean = part.reduce((sum, [, loss]) => sum + loss, 0) / part.length;
    out.push([part.at(-1)![0], Math.round(mean * 1e5) / 1e5]);
  }
  return out;
}
