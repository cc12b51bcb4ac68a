/** Judgments: TREC's `qid 0 docid grade`, BEIR's TSV with a header, and JSON. */
import type { Qrels } from '../types.ts';
import { badInput, excerpt } from './excerpt.ts';
import { Checked, parseJsonValues } from './json-check.ts';
import { forEachLine } from './lines.ts';
import { areFilled, trecFields } from './trec-fields.ts';

/**
 * Reads judgments. A line is `qid iteration docid grade` or, with tabs and three columns, `qid docid
 * grade`; where tabs part the fields, ids may have spaces in them, else ASCII white space parts them. A
 * first line whose names have no digit is a header. JSON is read too: objects `{"query-id", "corpus-id", "score"}`
 * (datasets on Hugging Face) or one object `{qid: {docid: grade}}` (pytrec_eval). Grades are
 * whole numbers; negative ones (pooled but not judged) are kept. The same judgment twice is taken once;
 * two different ones of a pair are an error that names both lines, as is a malformed line ('bad-input').
 */
export function readQrels(text: string, file = 'the judgments'): Qrels {
  const judgments = new Judgments(file);
  if (/^\ufeff?\s*[{[]/.test(text.slice(0, 1000))) readJson(text, file, judgments);
  else readLines(text, file, judgments);
  return judgments.qrels;
}

class Judgments {
  readonly qrels = new Map<string, Map<string, number>>();
  readonly #lines = new Map<string, Map<string, number>>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(query: string, id: string, grade: string, line: number): void {
    if (!WHOLE.test(grade)) {
      throw badInput(this.#file, line, `the grade must be a whole number, found ${excerpt(grade)}.`);
    }
    const grades = getOrAdd(this.qrels, query);
    const seen = getOrAdd(this.#lines, query);
    const earlier = grades.get(id);
    if (earlier !== undefined && earlier !== Number(grade)) {
      throw badInput(
        this.#file,
        line,
        `query ${excerpt(query)}, passage ${excerpt(id)} has grade ${grade} here and ${earlier} on line ${seen.get(id)}. Keep one.`,
      );
    }
    if (earlier === undefined) seen.set(id, line);
    grades.set(id, Number(grade));
  }
}

const WHOLE = /^[+-]?\d+(\.0+)?$/;
const QUERY_NAMES = ['query-id', 'query_id', 'qid'];
const PASSAGE_NAMES = ['corpus-id', 'corpus_id', 'docid', 'doc_id', 'pid', 'passage_id'];
const GRADE_NAMES = ['score', 'relevance', 'rel', 'grade', 'label'];

function readJson(text: string, file: string, judgments: Judgments): void {
  for (const { value, line } of parseJsonValues(text, file)) {
    const object = new Checked(value, file, line, '');
    const query = object.firstKey(QUERY_NAMES);
    if (query !== undefined) {
      const id = object.id(object.firstKey(PASSAGE_NAMES) ?? PASSAGE_NAMES[0]!);
      const grade = object.number(object.firstKey(GRADE_NAMES) ?? GRADE_NAMES[0]!);
      judgments.add(object.id(query), id, String(grade), line);
      continue;
    }
    for (const name of object.keys()) {
      const passages = object.object(name);
      for (const id of passages.keys()) judgments.add(name, id, String(passages.number(id)), line);
    }
  }
}

function readLines(text: string, file: string, judgments: Judgments): void {
  let first = true;
  forEachLine(text, (line, number) => {
    if (line.trim() === '') return;
    const fields = splitFields(line);
    const grade = fields.at(-1) ?? '';
    const wasFirst = first;
    first = false;
    if (fields.length !== 3 && fields.length !== 4) {
      throw badInput(
        file,
        number,
        `expected “qid 0 docid grade” or, with tabs, “qid docid grade”; found ${excerpt(line)}.` +
          (fields.length > 4 ? ' If ids contain spaces, separate the fields with tabs.' : ''),
      );
    }
    // Names of columns have no digits; “q1 0 d1 relevant” and a grade such as 1.5 are mistakes on the first line, too.
    const isHeader = ![fields[0]!, fields.at(-2)!, grade].some((name) => /\d/.test(name));
    if (!(wasFirst && isHeader)) judgments.add(fields[0]!, fields.at(-2)!, grade, number);
  });
}

/**
 * TREC qrels; where an id has white space, tabs part the fields of all lines. Throws 'bad-input' for an id that
 * the format cannot hold: an empty one, or one with a tab or a line end.
 */
export function writeTrecQrels(qrels: Qrels): string {
  const names = [...qrels].flatMap(([query, grades]) => [query, ...grades.keys()]);
  for (const name of names) {
    if (name.trim() !== name || name === '' || /[\t\v\f\r\n]/.test(name))
      throw badInput('TREC qrels', undefined, `the id ${excerpt(name)} cannot be written in this format.`);
  }
  const between = names.some((name) => /\s/.test(name)) ? '\t' : ' ';
  const lines: string[] = [];
  for (const [query, grades] of qrels) {
    for (const [id, grade] of grades) lines.push(`${[query, 0, id, grade].join(between)}\n`);
  }
  return lines.join('');
}

/** BEIR's qrels TSV with its header. */
export function writeBeirQrels(qrels: Qrels): string {
  const lines = ['query-id\tcorpus-id\tscore\n'];
  for (const [query, grades] of qrels) {
    for (const [id, grade] of grades) lines.push(`${query}\t${id}\t${grade}\n`);
  }
  return lines.join('');
}

function splitFields(line: string): string[] {
  return trecFields(line, (fields) => {
    // “q1⇥0 d1⇥1” has four fields, by blanks of both kinds: hardly an id begins with the iteration.
    if (fields.length === 3) return areFilled(fields) && !/^Q?0 +[^ ]+$/.test(fields[1]!);
    return fields.length === 4 && areFilled(fields, [0, 2, 3]);
  });
}

function getOrAdd<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key);
  if (!inner) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}
