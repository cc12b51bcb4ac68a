/** A corpus in JSON lines, BEIR's `{_id, title, text}` or its like, line by line: any size. */
import { type CleanCounts, cleanText } from '../../src/formats/clean.ts';
import { ID_NAMES, pick, TEXT_NAMES, TITLE_NAMES, usableKey } from '../../src/formats/columns.ts';
import { counted, excerpt } from '../../src/formats/excerpt.ts';
import { asId, faultOf, INEXACT_ID, parseJson } from '../../src/formats/json.ts';
import { LineSplitter } from '../../src/formats/lines.ts';
import type { Passage } from '../../src/types.ts';
import { streamText } from './stream-text.ts';

export interface JsonCorpus {
  readonly notices: readonly string[];
  readonly passages: readonly Passage[];
  /** Lines with neither text nor title: there is nothing to rank, and collections have them. */
  readonly empty: number;
  /** Lines that cannot be read, the first 1,000 with their reasons. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
  readonly problemCount: number;
}

export interface JsonCorpusOptions {
  /** Only these ids are kept; all lines are checked. */
  readonly wanted?: ReadonlySet<string>;
  readonly signal?: { readonly aborted: boolean };
  /** Bytes read, of so many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A passage with a title and no text has the title as its text. @throws what streamText throws */
export async function readJsonCorpus(file: string, options: JsonCorpusOptions = {}): Promise<JsonCorpus> {
  const passages: Passage[] = [];
  const problems: { line: number; reason: string }[] = [];
  const lineOf = new Map<string, number>();
  const cleaned: CleanCounts = { controls: 0, broken: 0 };
  let problemCount = 0;
  let empty = 0;
  const problem = (line: number, reason: string) => {
    if (problemCount++ < 1000) problems.push({ line, reason });
  };
  const splitter = new LineSplitter({
    line(text, line) {
      if (text.trim() === '') return;
      const read = readPassage(text, cleaned);
      if (typeof read === 'string') return problem(line, read);
      const earlier = lineOf.get(read.id);
      if (earlier !== undefined) {
        return problem(line, `the id ${excerpt(read.id)} was used on line ${earlier}. Give one another id.`);
      }
      lineOf.set(read.id, line);
      if (read.text === '') empty++;
      else if (options.wanted?.has(read.id) ?? true) passages.push(read);
    },
    tooLong: (line) => problem(line, 'it is longer than 16 million characters. Split the passage.'),
  });
  let first = true;
  for await (const text of streamText(file, options.onProgress)) {
    splitter.push(first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    if (text !== '') first = false;
    if (options.signal?.aborted) break;
  }
  splitter.finish();
  const { controls, broken } = cleaned;
  const notices = [
    ...(controls > 0 ? [`${counted(controls, 'control character')} removed from the texts.`] : []),
    ...(broken > 0 ? [`${counted(broken, 'broken character')} replaced by \ufffd.`] : []),
  ];
  return { passages, empty, problems, problemCount, notices };
}

/** The passage of a line, its text '' where it has none; or what is wrong. */
function readPassage(line: string, cleaned: CleanCounts): Passage | string {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (error) {
    return `${faultOf(error)}. Correct or remove it.`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `expected an object such as {"_id": "p1", "title": "…", "text": "…"}, found ${excerpt(line)}.`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const idKey = usableKey(object, ID_NAMES);
  const id = idKey === undefined ? undefined : asId(object[idKey]);
  if (idKey !== undefined && id === undefined) return `“${idKey}” ${INEXACT_ID}.`;
  if (id === undefined)
    return `there is no “_id” in ${excerpt(line)}. Judgments and runs name passages by it.`;
  const text = pick(object, TEXT_NAMES);
  if (text === undefined && !TEXT_NAMES.some((name) => object[name] === '' || object[name] === null)) {
    return `passage ${excerpt(id)} has no “text”. Add the key (it may be empty where there is a title).`;
  }
  const body = cleanText(text ?? '', cleaned);
  const title = cleanText(pick(object, TITLE_NAMES) ?? '', cleaned).replace(/\s*[\n\t]\s*/g, ' ');
  if (body === '') return { id, text: title };
  return title === '' ? { id, text: body } : { id, title, text: body };
}
