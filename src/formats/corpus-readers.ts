/** One reader per corpus format: chunks of text in, passages and problems into a collector. Tables: corpus-table.ts. */
import type { Collector } from './collector.ts';
import { ID_NAMES, TEXT_NAMES, TITLE_NAMES, usableKey } from './columns.ts';
import { excerpt } from './excerpt.ts';
import { asId, describeJson, faultOf, INEXACT_ID, parseJson } from './json.ts';
import { JsonSplitter } from './json-split.ts';
import { LineSplitter, MAX_LINE } from './lines.ts';

export interface ChunkReader {
  push(chunk: string): void;
  finish(): void;
}

export const TOO_LONG = `This passage is longer than ${MAX_LINE / 1024 / 1024} million characters. Split it, or choose another format.`;

/** Where an id ends: `id<TAB>text`, the id without white space. */
const ID_AND_TEXT = /^(\S{1,200})\t([\s\S]*)$/;

/** One passage a line; blank lines are passed over. */
export function lineReader(collector: Collector): ChunkReader {
  let blankAfterText = false;
  return new LineSplitter({
    line(text, number) {
      if (text.trim() === '') {
        blankAfterText = number > 1;
        return;
      }
      if (blankAfterText && collector.passages.length > 0) {
        collector.notice(
          'late-blank-line',
          `Read as one passage per line, though line ${number} follows a blank line. ` +
            'If blank lines separate your passages, choose “blocks” as the format.',
        );
      }
      blankAfterText = false;
      addPlain(collector, text, number);
    },
    tooLong: (number) => collector.problem(number, TOO_LONG),
  });
}

/** Passages are blocks of lines, parted by blank lines. */
export function blockReader(collector: Collector): ChunkReader {
  let block: string[] = [];
  let start = 0;
  let length = 0;
  const flush = () => {
    if (length > MAX_LINE) collector.problem(start, TOO_LONG);
    else if (block.length > 0) addPlain(collector, block.join('\n'), start);
    block = [];
    length = 0;
  };
  const splitter = new LineSplitter({
    line(text, number) {
      if (text.trim() === '') {
        flush();
        return;
      }
      if (length === 0) start = number;
      length += text.length + 1;
      if (length > MAX_LINE) block = [];
      else block.push(text);
    },
    tooLong(number) {
      flush();
      collector.problem(number, TOO_LONG);
    },
  });
  return {
    push: (chunk) => splitter.push(chunk),
    finish() {
      splitter.finish();
      flush();
    },
  };
}

function addPlain(collector: Collector, text: string, line: number): void {
  const match = ID_AND_TEXT.exec(text);
  if (match) collector.add(line, match[1], undefined, match[2]!);
  else collector.add(line, undefined, undefined, text);
}

/** One JSON object a line: BEIR `{_id, title, text}`, Anserini `{id, contents}` and their like. */
export function jsonlReader(collector: Collector): ChunkReader {
  return new LineSplitter({
    line(text, number) {
      if (text.trim() !== '') addJson(collector, text, number);
    },
    tooLong: (number) => collector.problem(number, TOO_LONG),
  });
}

/** A JSON array of such objects, or objects spread over several lines. */
export function jsonReader(collector: Collector): ChunkReader {
  return new JsonSplitter({
    value: (text, line) => addJson(collector, text, line),
    unfinished: (line) =>
      collector.problem(
        line,
        'The JSON value that starts here is incomplete: the file is cut off, or a quotation mark or bracket is missing.',
      ),
  });
}

function addJson(collector: Collector, text: string, line: number): void {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    collector.problem(line, `${capitalised(faultOf(error))}. Correct it, or skip this line.`);
    return;
  }
  if (typeof value === 'string') {
    collector.add(line, undefined, undefined, value);
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    collector.problem(line, `Expected an object such as {"id": "p1", "text": "…"}, found ${excerpt(text)}.`);
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const found = passageOf(object);
  if ('problem' in found) collector.problem(line, found.problem);
  else {
    collector.fields.object(object, found.keys);
    collector.add(line, found.id, found.title, found.text);
  }
}

interface JsonPassage {
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly text: string;
  /** The keys that these were read from. */
  readonly keys: Readonly<Record<'id' | 'title' | 'text', string | undefined>>;
}

/** The passage of an object, or what is wrong with it. */
function passageOf(object: Readonly<Record<string, unknown>>): JsonPassage | { readonly problem: string } {
  // An empty text, or null, is one that is missing; a key that is missing may be another key's misspelling.
  const key = usableKey(object, TEXT_NAMES) ?? TEXT_NAMES.find((name) => isEmpty(object[name]));
  if (key === undefined && !isTitleAlone(object)) {
    const other = TEXT_NAMES.find((name) => object[name] !== undefined);
    if (other !== undefined) {
      const what = describeJson(object[other]);
      return { problem: `“${other}” is ${what}; text is expected. Correct it, or skip this line.` };
    }
    const keys = Object.keys(object).slice(0, 8).join(', ');
    return {
      problem:
        `No text: expected a key "text" (or contents, passage, body), found ${keys === '' ? 'no keys' : excerpt(keys)}. ` +
        'Rename the key that holds the text, or skip this line.',
    };
  }
  const idKey = usableKey(object, ID_NAMES);
  const id = idKey === undefined ? undefined : asId(object[idKey]);
  if (idKey !== undefined && id === undefined)
    return { problem: `“${idKey}” ${INEXACT_ID}, or skip this line.` };
  const otherId = ID_NAMES.find((name) => object[name] !== undefined && !isEmpty(object[name]));
  if (idKey === undefined && otherId !== undefined) {
    const what = describeJson(object[otherId]);
    return {
      problem: `“${otherId}” is ${what}; an id must be text or a number. Correct it, or skip this line.`,
    };
  }
  const titleKey = usableKey(object, TITLE_NAMES);
  const title = titleKey === undefined ? undefined : String(object[titleKey]);
  return {
    id,
    title,
    text: key === undefined ? '' : String(object[key] ?? ''),
    keys: { id: idKey, title: titleKey, text: key },
  };
}

/** A title, and nothing that could be a text under a misspelt key. */
function isTitleAlone(object: Readonly<Record<string, unknown>>): boolean {
  const known: readonly string[] = [...ID_NAMES, 'title', 'url', 'metadata'];
  return (
    usableKey(object, ['title']) !== undefined && Object.keys(object).every((key) => known.includes(key))
  );
}

const isEmpty = (value: unknown): boolean => value === '' || value === null;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
