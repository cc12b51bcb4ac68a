/** What a distillation says at its end. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from '../evaluate/read-results.ts';
import type { Audit } from '../label/audit.ts';
import type { DistillEstimate, DistillRequest, DistillSummary, StageSummary } from './distill-request.ts';
import type { StageName } from './layout.ts';
import { readRecord, type StageStatus } from './records.ts';
import type { StageContext } from './stage.ts';

interface Ended {
  readonly request: DistillRequest;
  readonly context: StageContext;
  readonly state: DistillSummary['state'];
  /** Stages that this run finished. */
  readonly done: readonly StageName[];
  /** As it was at the beginning. */
  readonly status: readonly StageStatus[];
  readonly estimate: DistillEstimate | undefined;
  readonly seconds: number;
}

export async function summarise(ended: Ended): Promise<DistillSummary> {
  const { request, context, state, estimate, seconds } = ended;
  const { layout, prepared } = context;
  const table = join(layout.evaluation, 'table.md');
  const audit = layout.labels.replace(/\.jsonl$/, '.audit.json');
  const whole = state === 'done';
  return {
    command: 'distill',
    state,
    recipe: context.recipe.path,
    labels: context.recipe.labels,
    output: request.output,
    queries: {
      training: prepared.queries.training.length,
      heldOut: prepared.queries.heldOut?.queries.length ?? 0,
    },
    stages: await Promise.all(ended.status.map((one) => stageSummary(ended, one))),
    estimate,
    seconds,
    audit: whole && existsSync(audit) ? await readAudit(audit) : undefined,
    table: whole && existsSync(table) ? table : undefined,
    rows: whole && existsSync(table) ? await rows(layout.evaluation) : undefined,
    student: whole ? layout.student : undefined,
  };
}

async function stageSummary({ context, state, done }: Ended, status: StageStatus): Promise<StageSummary> {
  const { stage } = status;
  const record = state === 'dry-run' ? status.record : await readRecord(context.layout, stage);
  const seconds = record?.seconds ?? 0;
  if (status.state === 'done') return { stage, state: 'skipped', seconds };
  if (done.includes(stage)) return { stage, state: 'done', seconds };
  const begun = record?.state === 'begun' && state === 'cancelled';
  return { stage, state: begun ? 'cancelled' : 'waiting', seconds };
}

async function readAudit(path: string): Promise<Audit> {
  return (JSON.parse(await readFile(path, 'utf8')) as { audit: Audit }).audit;
}

async function rows(folder: string): Promise<DistillSummary['rows']> {
  const results = await readResults(folder);
  return results.rows.map(({ set, name, queries, measures }) => ({ set, name, queries, measures }));
}
