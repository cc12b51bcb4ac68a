/**
 * Queries with their candidates, as rerankers exchange them: RankGPT's hits
 * `{query, hits: [{content, qid, docid, rank, score}]}` (a JSON list or JSON lines) and rank_llm's
 * `{query: {text, qid}, candidates: [{docid, score, doc}]}` (JSON lines, or a list).
 */
import type { Candidate, Passage, Query } from '../types.ts';
import { ID_NAMES, QUERY_ID_NAMES, TEXT_NAMES, TITLE_NAMES } from './columns.ts';
import { excerpt } from './excerpt.ts';
import { Checked, type JsonValue, parseJsonValues } from './json-check.ts';

/** A query and what the first stage found for it, best first. */
export interface CandidateList {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
}

/**
 * Reads either format, known by its keys. Candidates are ordered by their `rank` where all have one,
 * else as they stand, and numbered from 1; a missing score is 0, a missing docid `p01` … by place, a
 * missing qid `q1` … by place. As in corpora, a title is the text of a passage that has no other. Throws
 * 'bad-input' with file, line and place for anything malformed, a passage with neither text nor title
 * (labels and permutations count places, so that it cannot be left out), or an id twice in one list.
 */
export function readHits(text: string, file = 'the hits'): CandidateList[] {
  return parseJsonValues(text, file).map((value, index) => readHitsValue(value, index, file));
}

/** One list of `readHits`, for files too large to be one text; `index` counts lists from 0. */
export function readHitsValue({ value, line }: JsonValue, index: number, file: string): CandidateList {
  const object = new Checked(value, file, line, '');
  return object.has('candidates') ? readRankLlm(object, index) : readRankGpt(object, index);
}

/**
 * RankGPT's format as a JSON list; `lines: true` writes JSON lines. `firstStage`, in words what found the
 * candidates, is written with each list for people to read.
 */
export function writeRankGptHits(
  lists: readonly CandidateList[],
  options: { lines?: boolean; firstStage?: string } = {},
): string {
  const items = lists.map(({ query, candidates }) => ({
    query: query.text,
    // Elsewhere it stands with the hits; without any the id would be lost.
    qid: candidates.length === 0 ? query.id : undefined,
    hits: candidates.map(({ passage, rank, score, filled }) => ({
      content: passage.text,
      title: passage.title,
      qid: query.id,
      docid: passage.id,
      rank,
      score,
      filled,
    })),
    firstStage: options.firstStage,
  }));
  return options.lines ? jsonLines(items) : `${JSON.stringify(items, null, 2)}\n`;
}

/** rank_llm's format, as JSON lines. */
export function writeRankLlm(lists: readonly CandidateList[]): string {
  return jsonLines(
    lists.map(({ query, candidates }) => ({
      query: { text: query.text, qid: query.id },
      candidates: candidates.map(({ passage, score }) => ({
        docid: passage.id,
        score,
        doc: { title: passage.title, contents: passage.text },
      })),
    })),
  );
}

export function jsonLines(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

function readRankGpt(object: Checked, index: number): CandidateList {
  const text = object.string('query');
  const hits = object.objects('hits');
  const qid = qidOf(object) ?? (hits[0] && qidOf(hits[0])) ?? queryIdOf(object) ?? `q${index + 1}`;
  for (const hit of hits) {
    const own = qidOf(hit);
    if (own !== undefined && own !== qid) {
      throw hit.error('qid', `is ${excerpt(own)}, but the list is for query ${excerpt(qid)}`);
    }
  }
  const candidates = hits.map((hit, i) => candidate(hit, hit, hit.firstKey(TEXT_NAMES) ?? 'content', i));
  return { query: { id: qid, text }, candidates: ordered(object, hits, candidates) };
}

function readRankLlm(object: Checked, index: number): CandidateList {
  let query: Query;
  if (typeof object.raw('query') === 'string') {
    query = { id: queryIdOf(object) ?? `q${index + 1}`, text: object.string('query') };
  } else {
    const inner = object.object('query');
    const idKey = inner.firstKey(['qid', ...QUERY_ID_NAMES]);
    const id = idKey === undefined ? queryIdOf(object) : inner.id(idKey);
    query = { id: id ?? `q${index + 1}`, text: inner.string('text') };
  }
  const items = object.objects('candidates');
  const candidates = items.map((item, i) => {
    if (typeof item.raw('doc') === 'string') return candidate(item, item, 'doc', i);
    const doc = item.object('doc');
    return candidate(item, doc, doc.firstKey(TEXT_NAMES) ?? 'contents', i);
  });
  return { query, candidates: ordered(object, items, candidates) };
}

/** Of a list, whose own id is its query's. */
export function queryIdOf(list: Checked): string | undefined {
  const key = list.firstKey([...QID_NAMES, 'id', '_id']);
  return key === undefined ? undefined : list.id(key);
}

const QID_NAMES = ['qid', 'query_id', 'query-id'];

/** Of a list or a hit; ids of passages have other names. */
function qidOf(object: Checked): string | undefined {
  const key = object.firstKey(QID_NAMES);
  return key === undefined ? undefined : object.id(key);
}

function candidate(item: Checked, doc: Checked, key: string, index: number): Candidate {
  const holder = item.firstKey(ID_NAMES) === undefined ? doc : item;
  const idKey = holder.firstKey(ID_NAMES);
  const id = idKey === undefined ? `p${String(index + 1).padStart(2, '0')}` : holder.id(idKey);
  return {
    passage: toPassage(id, doc, key),
    rank: index + 1,
    score: item.has('score') ? item.number('score') : 0,
    filled: (item.has('filled') && item.boolean('filled')) || undefined,
  };
}

/**
 * The passage of an object that has its text under `key` and perhaps a title, which is the text where there is no
 * other. @throws RankscopeError 'bad-input' with file, line and place where there is neither
 */
export function toPassage(id: string, doc: Checked, key: string): Passage {
  const titleKey = doc.firstKey(TITLE_NAMES);
  const title = titleKey === undefined ? '' : doc.text(titleKey);
  const isTitleAlone = title.trim() !== '' && !doc.has(key);
  const text = isTitleAlone ? '' : doc.text(key);
  if (text.trim() !== '') return title === '' ? { id, text } : { id, title, text };
  if (title.trim() === '') throw doc.error(key, 'the passage has no text; remove it or add its text');
  return { id, text: title };
}

function ordered(list: Checked, items: readonly Checked[], candidates: readonly Candidate[]): Candidate[] {
  const ranked = items.every((item) => item.has('rank'));
  const pairs = candidates.map((c, i) => ({ c, place: ranked ? items[i]!.number('rank') : i }));
  pairs.sort((a, b) => a.place - b.place);
  const seen = new Set<string>();
  return pairs.map(({ c }, index) => {
    const { id } = c.passage;
    if (seen.has(id))
      throw list.error('', `the docid ${excerpt(id)} appears twice; ids must be unique within a query`);
    seen.add(id);
    return { ...c, rank: index + 1 };
  });
}
