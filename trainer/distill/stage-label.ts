/** Stage 2: the teacher's rankings, in one file or shard by shard (shards may come from other machines); or judgments. */

import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import type { QueryList } from '../input/lists.ts';
import { judgmentsSource } from '../label/ranked.ts';
import { runLabel } from '../label/run-label.ts';
import type { LabelSource } from '../label/source.ts';
import { teacherSource } from '../label/teacher.ts';
import type { Layout } from './layout.ts';
import type { Prepared } from './prepare.ts';
import type { DistillRecipe } from './recipe-types.ts';
import { CANCELLED, type StageContext, type StageResult } from './stage.ts';

export async function labelStage({
  recipe,
  prepared,
  layout,
  listener,
  signal,
}: StageContext): Promise<StageResult> {
  const supervised = recipe.labels === 'judgments';
  const shards = supervised ? 1 : recipe.teacher!.shards;
  const source = (lists: readonly QueryList[]) =>
    supervised
      ? judgmentsSource(prepared.queries.files.judgments!, lists)
      : openTeacher(recipe, prepared, layout.candidates);
  for (let index = 1; index <= shards; index++) {
    const where = shards === 1 ? '' : `, shard ${index} of ${shards}`;
    const summary = await runLabel(
      {
        input: layout.candidates,
        output: layout.shard(index, shards),
        source,
        signal,
        shard: shards === 1 ? undefined : { index, of: shards },
      },
      {
        notice: index === 1 ? listener.notice : undefined,
        progress: (done, total, unit, query) =>
          listener.progress?.(done, total, unit, `query ${query}${where}`),
      },
    );
    if (summary.state === 'cancelled') return CANCELLED;
  }
  if (shards > 1) {
    await joinShards(layout, shards);
    // Every line is compared with the candidates, and the audit of the whole is written.
    await runLabel({ input: layout.candidates, output: layout.labels, source, signal });
  }
  return { state: 'done', files: [layout.labels, layout.labels.replace(/\.jsonl$/, '.audit.json')] };
}

export function openTeacher(
  { teacher, data: { cutQueries } }: DistillRecipe,
  { teacher: asked, threads }: Pick<Prepared, 'teacher' | 'threads'>,
  input: string,
): Promise<LabelSource> {
  const { schedule, template, passages } = teacher!;
  const { folder, dtype } = asked!;
  const options = { schedule, ...givenChoices(teacher!), template, passages, dtype, threads, cutQueries };
  return teacherSource({ checkpoint: folder, input, ...options });
}

/** The shards one after the other are the whole file; it appears when it is whole. */
async function joinShards(layout: Layout, shards: number): Promise<void> {
  const temporary = `${layout.labels}.${process.pid}.tmp`;
  const file = await open(temporary, 'w');
  try {
    for (let index = 1; index <= shards; index++) {
      for await (const bytes of createReadStream(layout.shard(index, shards)))
        await file.appendFile(bytes as Buffer);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, layout.labels).catch(async (error: unknown) => {
    await rm(temporary, { force: true });
    throw error;
  });
}
