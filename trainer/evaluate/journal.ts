/**
 * What is done of a row, query by query: appended as it is finished, read again after a stop. A line
 * that was cut short by a kill is passed over, and its query asked again.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DoubtKind } from '../../src/ranking/doubts.ts';
import { writeError } from '../node/writing.ts';

export interface JournalEntry {
  readonly query: string;
  /** Passage ids, best first. */
  readonly order: readonly string[];
  readonly scores: readonly number[];
  readonly calls: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly cutPassages: number;
  /** What speaks against this ranking being an answer; absent where nothing does. */
  readonly doubt?: DoubtKind;
}

export class Journal {
  readonly path: string;
  readonly entries = new Map<string, JournalEntry>();
  /** The file ends in the middle of a line. */
  private torn = false;

  constructor(path: string) {
    this.path = path;
    if (!existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    this.torn = text !== '' && !text.endsWith('\n');
    for (const line of text.split('\n')) {
      const entry = parse(line);
      if (entry) this.entries.set(entry.query, entry);
    }
  }

  add(entry: JournalEntry): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      appendFileSync(this.path, `${this.torn ? '\n' : ''}${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw writeError(this.path, 'Completed work is kept.', error);
    }
    this.torn = false;
    this.entries.set(entry.query, entry);
  }
}

function parse(line: string): JournalEntry | undefined {
  try {
    const value = JSON.parse(line) as Partial<JournalEntry> | null;
    const { query, order, scores, calls, tokens, seconds, cutPassages } = value ?? {};
    const numbers = [calls, tokens, seconds, cutPassages].every((item) => Number.isFinite(item));
    if (typeof query !== 'string' || !Array.isArray(order) || !Array.isArray(scores) || !numbers)
      return undefined;
    return order.length === scores.length ? (value as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}
