/**
 * Students of one recipe share what is the same for them: candidates, a teacher's labels, and the answers of the rows that
 * their tables have in common. It is copied, so that each folder stays whole by itself.
 */

import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeAtomicPieces } from '../node/atomic.ts';
import { checkFile } from '../node/digests.ts';
import type { StageName } from './layout.ts';
import { isOfKey, readRecord, type StageStatus } from './records.ts';
import type { StageContext, StageResult } from './stage.ts';

/** Stages whose results do not depend on who is taught. */
export const SHARED_STAGES: readonly StageName[] = ['candidates', 'label'];

/** The same stage of another student, made from the same inputs; undefined where there is none. */
export async function takeOver(
  { layout, siblings = [], listener }: StageContext,
  { stage, ...keys }: StageStatus,
): Promise<StageResult | undefined> {
  if (!SHARED_STAGES.includes(stage)) return undefined;
  for (const other of siblings) {
    const record = await readRecord(other, stage);
    if (record?.state !== 'done' || !isOfKey(record, keys)) continue;
    const checked = await Promise.all(record.outputs.map((file) => checkFile(other.output, file)));
    if (checked.some((state) => state !== 'whole')) continue;
    const files: string[] = [];
    for (const { path } of record.outputs) {
      await copy(join(other.output, path), join(layout.output, path));
      files.push(join(layout.output, path));
    }
    listener.notice?.(`Stage ${stage} is that of ${other.output}: copied.`);
    return { state: 'done', files };
  }
  return undefined;
}

/** Answers that siblings' tables have, by the names that say all they depend on; those that are there stay. */
export async function takeAnswers({ layout, siblings = [] }: StageContext): Promise<void> {
  const own = join(layout.evaluation, 'work');
  const there = new Set(await filesBelow(own));
  for (const { evaluation } of siblings) {
    const work = join(evaluation, 'work');
    for (const file of await filesBelow(work)) {
      if (there.has(file)) continue;
      await copy(join(work, file), join(own, file));
      there.add(file);
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((file) => file.isFile() && file.name.endsWith('.jsonl'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

const copy = (from: string, to: string) => writeAtomicPieces(to, createReadStream(from));
