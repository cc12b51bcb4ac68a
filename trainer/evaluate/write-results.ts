/** results.json, table.md and a TREC run a row, each whole or not there. */

import { join } from 'node:path';
import { heading } from '../../src/evaluation/headings.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { writeTrecRun } from '../../src/formats/runs.ts';
import { RRF_K } from '../../src/ranking/fusion.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { bm25Text } from '../../src/retrieval/params.ts';
import { writeAtomic } from '../node/atomic.ts';
import type { EvaluateRequest, ResultRow } from './evaluate-request.ts';
import { resultTable, type TableRow } from './result-table.ts';
import type { EvaluatedRow } from './results.ts';
import type { EvaluationSet } from './sets.ts';

export async function writeResults(
  request: EvaluateRequest,
  sets: readonly EvaluationSet[],
  rows: readonly EvaluatedRow[],
): Promise<void> {
  const { output, k, measures, compared, bm25, candidates } = request;
  for (const { ranking, run, slug } of rows) {
    await writeAtomic(join(output, run), writeTrecRun(ranking, `rankscope-${slug}`));
  }
  const document = {
    format: 'rankscope-evaluation',
    version: 1,
    k,
    firstStage: candidates ? { candidates } : { bm25 },
    ...givenChoices(request),
    fuse: request.fuse,
    measures,
    compared,
    sets: sets.map(({ name, split, jobs, identicalIds }) => ({
      name,
      split,
      queries: jobs.length,
      identicalIdsLeftOut: identicalIds > 0 ? identicalIds : undefined,
    })),
    rows: rows.map(({ ranking, slug, ...row }): ResultRow => row),
  };
  await writeAtomic(join(output, 'results.json'), `${JSON.stringify(document, null, 1)}\n`);
  await writeAtomic(join(output, 'table.md'), tables(request, sets, rows));
}

/** A table a set, and of several sets their mean, with what is needed to read them. */
export function tables(
  request: Pick<EvaluateRequest, 'k' | 'measures' | 'compared' | 'bm25' | 'candidates' | 'sets'>,
  sets: readonly (Pick<EvaluationSet, 'name' | 'split' | 'jobs'> & { readonly identicalIds?: number })[],
  rows: readonly ResultRow[],
): string {
  const { k, measures, compared } = request;
  const tauTo = rows.find(({ tau }) => tau)?.tau?.to;
  const options = { measures, compared, tauTo };
  const parts = sets.map(({ name, split, jobs }) => {
    const own = rows.filter((row) => row.set === name).map(toTableRow(measures));
    const words = counted(jobs.length, 'query', 'queries');
    return `## ${name} (${split === '' ? '' : `${split}, `}${words}, top ${k})\n\n${resultTable(own, options)}`;
  });
  if (sets.length > 1) parts.push(`## Mean of the sets\n\n${resultTable(means(measures, rows), options)}`);
  const against = rows.find(({ difference }) => difference)?.difference?.against;
  const note = [
    `All methods re-rank the same candidates, ${found(request)}. Measures as in trec_eval with -c: all judged queries count.`,
    ...(against === undefined
      ? []
      : [
          `Δ ${heading(compared)} is the mean difference from ${against}, paired by query: 95 % bootstrap interval, p of the randomisation test (two-sided, not corrected for the number of rows).`,
        ]),
    ...identicalNote(sets.reduce((sum, { identicalIds = 0 }) => sum + identicalIds, 0)),
    ...randomNote(rows),
    ...shuffledNote(rows),
    ...fusionNote(rows),
    ...cutQueryNote(rows),
    ...costNote(rows),
  ];
  return `${[...parts, note.join('\n')].join('\n')}\n`;
}

function found({
  bm25,
  candidates,
  sets = [],
}: Pick<EvaluateRequest, 'bm25' | 'candidates' | 'sets'>): string {
  if (candidates) return 'taken from files';
  const own = sets.some(({ run }) => run !== undefined) ? ' or taken from the runs that were given' : '';
  return `found by ${bm25Text(bm25)}${own}`;
}

function identicalNote(queries: number): string[] {
  if (queries === 0) return [];
  const of = counted(queries, 'query', 'queries');
  return [`As in BEIR, passages with their query’s own id are left out of the candidates (of ${of}).`];
}

function randomNote(rows: readonly ResultRow[]): string[] {
  return rows.flatMap(({ set, name, random }) =>
    random
      ? [
          `${set}, ${name}: one order drawn with seed ${random.seed}; over all orders Acc@1 is ${random.expectedAccuracy.toFixed(4)} on average.`,
        ]
      : [],
  );
}

function shuffledNote(rows: readonly ResultRow[]): string[] {
  const found = rows.find(({ shuffled }) => shuffled);
  if (!found) return [];
  return [
    `Shuffled: the candidates were put into a random order first (seed ${found.shuffled!.seed}), so that pairs that are decided against each other fall back to chance, and not to the first stage.`,
  ];
}

function fusionNote(rows: readonly ResultRow[]): string[] {
  const fused = rows.filter(({ fusion }) => fusion);
  const weights = fused.flatMap(({ set, name, fusion }) =>
    fusion?.by === 'interpolation'
      ? [
          `${set}, ${name}: λ = ${fusion.weight}${fusion.tunedOn === undefined ? '' : `, chosen on ${fusion.tunedOn}`}`,
        ]
      : [],
  );
  return [
    ...(fused.some(({ fusion }) => fusion?.by === 'rrf')
      ? [`+rrf: fused with the first stage by reciprocal rank, k = ${RRF_K} (Cormack et al. 2009).`]
      : []),
    ...(weights.length > 0
      ? [`+interpolation: λ · row + (1 − λ) · first stage, standardised scores. ${weights.join('; ')}.`]
      : []),
  ];
}

function cutQueryNote(rows: readonly ResultRow[]): string[] {
  const cut = rows.filter(({ cutQueries = 0 }) => cutQueries > 0);
  if (cut.length === 0) return [];
  const each = cut.map(({ set, name, cutQueries }) => `${set}, ${name}: ${cutQueries}`);
  return [`Queries too long for a model were cut for it (${each.join('; ')}).`];
}

function costNote(rows: readonly ResultRow[]): string[] {
  const all = rows.flatMap(({ checkpoint }) => checkpoint ?? []);
  const services = [...new Set(all.flatMap(({ service }) => service ?? []))];
  const asked = services.map(
    (host) => `Seconds of what ${host} answered include the network and its limits.`,
  );
  const models = all.filter(({ service }) => service === undefined);
  const first = models[0];
  if (!first) return asked;
  const dtypes = [...new Set(models.map(({ dtype }) => dtype))].join(', ');
  return [
    `Seconds are wall time, warm: ${first.runtime}, ${first.device}, ${first.threads} threads, ${dtypes}.`,
    ...asked,
  ];
}

const toTableRow =
  (measures: readonly string[]) =>
  ({ name, measures: values, tau, ...row }: ResultRow): TableRow => ({
    ...row,
    name,
    values: measures.map((measure) => values[measure]!),
    tau: tau?.value,
  });

/** Rows that every set has, their values averaged over the sets. */
function means(measures: readonly string[], rows: readonly ResultRow[]): TableRow[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  const sets = new Set(rows.map(({ set }) => set)).size;
  return names.flatMap((name) => {
    const own = rows.filter((row) => row.name === name);
    if (own.length < sets) return [];
    const mean = (value: (row: ResultRow) => number | undefined) => {
      const values = own.map(value);
      const known = values.filter((one) => one !== undefined);
      return known.length < own.length ? undefined : known.reduce((a, b) => a + b, 0) / own.length;
    };
    const optional = {
      callsPerQuery: mean((row) => row.callsPerQuery),
      secondsPerQuery: mean((row) => row.secondsPerQuery),
      tau: mean((row) => row.tau?.value),
    };
    const values = measures.map((measure) => mean((row) => row.measures[measure])!);
    return [
      { name, values, ...Object.fromEntries(Object.entries(optional).filter(([, v]) => v !== undefined)) },
    ];
  });
}
