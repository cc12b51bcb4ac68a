/**
 * What the embedded teacher is like on the samples' own queries: how often it contradicts itself and leans to a place, and
 * how many calls the exact top k leaves out of all pairs. No figure is a time: they are the same on every machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { consistencyOf } from '../src/analysis/consistency.ts';
import { DecidedPairs } from '../src/analysis/decided-pairs.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { PairTable } from '../src/ranking/pair-table.ts';
import { nextOpen } from '../src/ranking/pairwise.ts';
import { exactTop } from '../src/ranking/schedules/exact-top.ts';
import { defaultTemplate } from '../src/ranking/templates.ts';
import type { Decision } from '../src/ranking/types.ts';
import type { Query } from '../src/types.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { sampleJob } from './sample-job.ts';

const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const SAMPLES = new URL('../public/samples/', import.meta.url);
const CANDIDATES = 10;
const TOPS = [1, 3, 5];

export async function benchJudge() {
  const { scorer, card } = await openCheckpoint(nodeFolder(TEACHER), nodeRuntime(2), {
    dtype: 'int8',
  });
  const template = defaultTemplate('prp-allpair', card.templates);
  const results: Record<string, object> = {};
  for (const file of readdirSync(SAMPLES).filter((name) => name.endsWith('.json') && name !== 'index.json')) {
    const { queries } = JSON.parse(readFileSync(new URL(file, SAMPLES), 'utf8')) as { queries: Query[] };
    const judged: DecidedPairs[] = [];
    for (const { text } of queries) {
      const { query, candidates } = sampleJob(file, CANDIDATES, text);
      const decisions: Decision[] = [];
      for await (const event of createMethod('prp-allpair', { template }).rank(query, candidates, scorer)) {
        if (event.type === 'decided') decisions.push(...event.items);
      }
      if (candidates.length > 2) judged.push(new DecidedPairs(candidates.length, decisions));
    }
    results[file.replace('.json', '')] = about(judged);
  }
  return { candidates: CANDIDATES, dtype: 'int8', ...results };
}

/** Over all queries of a sample together. */
function about(judged: readonly DecidedPairs[]) {
  const each = judged.map(consistencyOf);
  const sum = (of: (one: (typeof each)[number]) => number): number =>
    each.reduce((total, one) => total + of(one), 0);
  const pairs = sum(({ consistency }) => consistency.of);
  const all = judged.reduce((total, { size }) => total + size * (size - 1), 0);
  const saved = TOPS.map((top) => {
    const asked = judged.reduce((total, pairs) => total + callsFor(pairs, top), 0);
    return [`top${top}Saves`, 1 - asked / all] as const;
  });
  return {
    queries: judged.length,
    calls: all,
    contradictionRate: 1 - sum(({ consistency }) => consistency.hits) / pairs,
    firstPositionRate: sum(({ first }) => first.hits) / sum(({ first }) => first.of),
    preferenceFairness: (sum(({ recency }) => recency) - sum(({ primacy }) => primacy)) / pairs,
    ...Object.fromEntries(saved),
  };
}

/** Calls that the exact top k makes on these answers. */
function callsFor(pairs: DecidedPairs, top: number): number {
  const table = new PairTable(pairs.size);
  const schedule = exactTop(pairs.size, table, top);
  let calls = 0;
  for (let open = nextOpen(schedule, table); open.length > 0; open = nextOpen(schedule, table)) {
    for (const [a, b] of open) table.set(a, b, pairs.table.get(a, b)!);
    calls += open.length;
  }
  return calls;
}
