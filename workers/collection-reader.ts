/** Opens a test collection: what of it is searched, listed and judged. Small files first, so that what is wrong in them is known before a large corpus is read. */
import { countedAs, planCollection } from '../src/formats/collection/plan.ts';
import { readTrainingValue } from '../src/formats/distill.ts';
import { badInput, counted, excerpt } from '../src/formats/excerpt.ts';
import { readHitsValue } from '../src/formats/hits.ts';
import { readQueries } from '../src/formats/queries.ts';
import type { Bm25Params } from '../src/retrieval/types.ts';
import { textHash } from '../src/text-hash.ts';
import type { Candidate, Query, Run } from '../src/types.ts';
import type { CollectionSource } from '../src/workers/collection-protocol.ts';
import { CollectionFiles } from './collection-files.ts';
import { collectionOf, fingerprintOf, indexed, type OnProgress, type Opened } from './collection-opened.ts';
import { CollectionParts } from './collection-parts.ts';

export async function openSample(
  { name, passages, queries }: Extract<CollectionSource, { readonly kind: 'sample' }>,
  bm25: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Opened> {
  const judged = queries.filter(({ grades }) => Object.values(grades).some((grade) => grade > 0));
  const qrels = new Map(judged.map(({ id, grades }) => [id, new Map(Object.entries(grades))]));
  const index = await indexed(passages, bm25, signal, onProgress);
  const files = [
    { path: 'passages', kind: 'corpus' as const, content: countedAs('corpus', passages.length) },
    { path: 'queries', kind: 'queries' as const, content: countedAs('queries', judged.length) },
  ];
  return collectionOf(
    { kind: 'collection', name, files, splits: [], split: '', runs: [], notices: [] },
    judged.map(({ id, text }) => ({ id, text })),
    qrels,
    { passages, index, runs: new Map(), fingerprint: await fingerprintOf(passages, signal) },
  );
}

/** @throws RankscopeError 'bad-input' with file, line and reason, 'cancelled' */
export async function openFiles(
  source: Exclude<CollectionSource, { readonly kind: 'sample' }>,
  wanted: string | undefined,
  bm25: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Opened> {
  onProgress({ phase: 'reading', done: 0, total: 0 });
  const files = await CollectionFiles.open(source, signal);
  const plan = planCollection(
    source.name,
    files.list.flatMap(({ path, kind }) => (kind ? [{ path, kind }] : [])),
  );
  const parts = new CollectionParts(source.name, files, plan, wanted, signal, onProgress);
  if (plan.kind === 'runs') return openRuns(parts);
  if (plan.kind === 'hits') return openHits(parts);
  return openCollection(parts, bm25);
}

async function openRuns(parts: CollectionParts): Promise<Opened> {
  const qrels = await parts.judgments();
  const runs = await parts.runs(qrels);
  const found = [...qrels.keys()].filter((query) => [...runs.values()].some((run) => run.has(query)));
  if (found.length === 0)
    throw parts.strangers(
      [...runs.values()].flatMap((run) => [...run.keys()]),
      qrels,
    );
  const queries = found.map((id) => ({ id, text: '' }));
  const missing = qrels.size - found.length;
  if (missing > 0) {
    parts.notices.push(
      `${counted(missing, 'judged query is', 'judged queries are')} in none of the runs and not counted.`,
    );
  }
  const fingerprint = textHash(JSON.stringify([...runs].map(([name, run]) => [name, run.size])));
  return collectionOf(parts.about('runs', runs), queries, qrels, { passages: [], runs, fingerprint });
}

async function openHits(parts: CollectionParts): Promise<Opened> {
  const qrels = parts.split === '' ? undefined : await parts.judgments();
  await parts.readPopularity();
  const lists = new Map<string, readonly Candidate[]>();
  const queries: Query[] = [];
  let [passages, foreign] = [0, 0];
  const hash: string[] = [];
  for (const path of parts.plan.hits) {
    parts.onProgress({ phase: 'reading', file: path, done: 0, total: 0 });
    let index = 0;
    await parts.files.eachValue(
      path,
      (value) => {
        const isTraining =
          typeof value.value === 'object' && value.value !== null && 'retrieved_passages' in value.value;
        const { query, candidates } = (isTraining ? readTrainingValue : readHitsValue)(value, index++, path);
        if (lists.has(query.id)) {
          throw badInput(
            path,
            value.line,
            `the query id ${excerpt(query.id)} was used before; ids must be unique. Rename one.`,
          );
        }
        if (query.text.trim() === '')
          throw badInput(path, value.line, 'the query is empty. Write one or remove it.');
        if (qrels && !qrels.has(query.id)) {
          foreign++;
          return;
        }
        lists.set(query.id, candidates);
        queries.push(query);
        passages += candidates.length;
        hash.push(
          textHash(
            `${query.text}\n${candidates.map(({ passage }) => `${passage.id}\t${passage.text}`).join('\n')}`,
          ),
        );
      },
      parts.signal,
    );
    parts.contents.set(path, countedAs('hits', index));
  }
  if (queries.length === 0) {
    if (qrels && foreign > 0)
      throw badInput(
        parts.plan.splits.get(parts.split)!,
        undefined,
        'it judges none of the queries of the hits. Give the judgments of these queries.',
      );
    throw badInput(parts.plan.hits[0]!, undefined, 'it has no queries.');
  }
  if (foreign > 0) parts.notices.push(`${counted(foreign, 'query', 'queries')} without judgments left out.`);
  if (!qrels)
    parts.notices.push(
      'There are no judgments: the table shows costs and agreement, but no measures. Drop qrels to add them.',
    );
  const judged = qrels && new Map(queries.map(({ id }) => [id, qrels.get(id)!]));
  const runs = qrels ? await parts.runs(qrels) : new Map<string, Run>();
  const about = parts.about('hits', runs);
  const opened = collectionOf(about, queries, judged ?? new Map(), {
    passages: [],
    runs,
    fingerprint: textHash(hash.join()),
  });
  const most = Math.max(...[...lists.values()].map(({ length }) => length));
  return { ...opened, lists, summary: { ...opened.summary, passages, mostCandidates: most } };
}

async function openCollection(parts: CollectionParts, bm25: Bm25Params): Promise<Opened> {
  const { queries: queriesFile = '', corpus = '' } = parts.plan;
  const all = readQueries(await parts.text(queriesFile), queriesFile);
  parts.contents.set(queriesFile, countedAs('queries', all.length));
  const judgments = await parts.judgments();
  await parts.readPopularity();
  const ids = new Set(all.map(({ id }) => id));
  const unknown = [...judgments.keys()].filter((id) => !ids.has(id));
  const judgmentsFile = parts.plan.splits.get(parts.split)!;
  const queries = all.filter(({ id }) => judgments.has(id));
  if (queries.length === 0)
    throw badInput(
      judgmentsFile,
      undefined,
      `it judges none of the queries of ${queriesFile}, e.g. ${excerpt(unknown[0] ?? '')}. Give the judgments of these queries.`,
    );
  if (unknown.length > 0) {
    parts.notices.push(
      `${judgmentsFile} judges ${counted(unknown.length, 'query', 'queries')} that ${queriesFile} lacks, e.g. ${excerpt(unknown[0]!)}; ${unknown.length === 1 ? 'it is' : 'they are'} left out.`,
    );
  }
  const qrels = new Map(queries.map(({ id }) => [id, judgments.get(id)!]));
  const runs = await parts.runs(qrels);
  const { passages, notices } = await parts.corpus(corpus);
  parts.notices.push(...notices);
  const known = new Set(passages.map(({ id }) => id));
  const judged = [...qrels.values()].flatMap((grades) => [...grades.keys()]);
  const absent = judged.filter((id) => !known.has(id)).length;
  if (absent === judged.length)
    throw badInput(
      judgmentsFile,
      undefined,
      `none of the passages it judges, e.g. ${excerpt(judged[0] ?? '')}, is in ${corpus}. Do corpus and judgments belong together?`,
    );
  if (absent > 0)
    parts.notices.push(
      `${counted(absent, 'judged passage is', 'judged passages are')} not in ${corpus}: no ranking can find ${absent === 1 ? 'it' : 'them'}, and the measures count ${absent === 1 ? 'it' : 'them'}.`,
    );
  const index = await indexed(passages, bm25, parts.signal, parts.onProgress);
  const fingerprint = textHash(
    `${await fingerprintOf(passages, parts.signal)}|${textHash(JSON.stringify(queries))}`,
  );
  return collectionOf(parts.about('collection', runs), queries, qrels, {
    passages,
    index,
    runs,
    fingerprint,
  });
}
