/** Judgments: TREC's `qid 0 docid grade`, and BEIR's TSV with a header. */
import type { Qrels } from '../types.ts';
import { badInput, excerpt } from './excerpt.ts';
import { forEachLine } from './lines.ts';
import { areFilled, trecFields } from './trec-fields.ts';

/**
 * Reads judgments. A line is `qid iteration docid grade` or, with tabs and three columns, `qid docid
 * grade`; where tabs part the fields, ids may have spaces in them, else ASCII white space parts them. A
 * first line whose last column has no digit is a header. Grades are
 * whole numbers; negative ones (pooled but not judged) are kept. The same judgment twice is taken once;
 * two different ones of a pair are an error that names both lines, as is a malformed line ('bad-input').
 */
export function readQrels(text: string, file = 'the judgments'): Qrels {
  const qrels = new Map<string, Map<string, number>>();
  const lines = new Map<string, Map<string, number>>();
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
    if (!/^[+-]?\d+(\.0+)?$/.test(grade)) {
      // Names of columns have no digits; “q1 0 d1 relevant” and a grade such as 1.5 are mistakes on the first line, too.
      if (wasFirst && ![fields[0]!, fields.at(-2)!, grade].some((name) => /\d/.test(name))) return;
      throw badInput(file, number, `the grade must be a whole number, found ${excerpt(grade)}.`);
    }
    const query = fields[0]!;
    const id = fields.at(-2)!;
    const grades = getOrAdd(qrels, query);
    const seen = getOrAdd(lines, query);
    const earlier = grades.get(id);
    if (earlier !== undefined && earlier !== Number(grade)) {
      throw badInput(
        file,
        number,
        `query ${excerpt(query)}, passage ${excerpt(id)} has grade ${grade} here and ${earlier} on line ${seen.get(id)}. Keep one.`,
      );
    }
    if (earlier === undefined) seen.set(id, number);
    grades.set(id, Number(grade));
  });
  return qrels;
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
