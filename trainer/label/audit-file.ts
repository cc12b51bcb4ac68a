/**
 * The file beside labels. While they are made it says that they are not whole, which their lines cannot say: any
 * number of whole lines looks like labels. At the end it is their audit.
 */
import { readFile, rm } from 'node:fs/promises';
import { badInput } from '../../src/formats/excerpt.ts';
import { writeAtomic } from '../node/atomic.ts';
import { writing } from '../node/writing.ts';

const HEAD = { format: 'rankscope-label-audit', version: 1 } as const;

/** `labels.jsonl` → `labels.audit.json`. */
export const auditPath = (labels: string) => `${labels.replace(/\.jsonl$/i, '')}.audit.json`;

/** @throws RankscopeError when it cannot be written; the labels are then as they were */
export async function writeUnfinished(labels: string, queries: number): Promise<void> {
  const path = auditPath(labels);
  const text = `${JSON.stringify({ ...HEAD, state: 'unfinished', queries })}\n`;
  await writing(path, 'Nothing was labelled.', () => writeAtomic(path, text));
}

export async function writeAudit(labels: string, content: Readonly<Record<string, unknown>>): Promise<void> {
  const path = auditPath(labels);
  await writing(path, 'The labels are complete.', () =>
    writeAtomic(path, `${JSON.stringify({ ...HEAD, ...content }, null, 1)}\n`),
  );
}

export async function removeAudit(labels: string): Promise<void> {
  await rm(auditPath(labels), { force: true });
}

/**
 * Labels without such a file (of other software, joined from shards) are taken as they are.
 * @param found queries in the labels
 * @throws RankscopeError 'bad-input' for labels whose making was stopped
 */
export async function refuseUnfinished(labels: string, found: number): Promise<void> {
  const text = await readFile(auditPath(labels), 'utf8').catch(() => '{}');
  let state: unknown;
  let queries: unknown;
  try {
    ({ state, queries } = (JSON.parse(text) ?? {}) as { state?: unknown; queries?: unknown });
  } catch {
    return;
  }
  if (state !== 'unfinished' || typeof queries !== 'number' || found >= queries) return;
  throw badInput(
    labels,
    undefined,
    `labelling was stopped after ${found} of ${queries} queries. Run the same label command again to finish it; ` +
      `to train on what is there, delete ${auditPath(labels)}.`,
  );
}
