/** JSON values from a file of any size: JSON lines, one value, or the elements of one array. */
import { badInput } from '../../src/formats/excerpt.ts';
import { faultOf, parseJson } from '../../src/formats/json.ts';
import { JsonSplitter } from '../../src/formats/json-split.ts';
import { streamText } from './stream-text.ts';

/** Longest piece of JSON that is one value, in UTF-16 code units. */
const LONGEST = 256 * 1024 * 1024;

/**
 * Hands on every value with the line it begins on.
 * @throws RankscopeError 'missing', or 'bad-input' with file, line and reason; and what `take` throws.
 */
export async function forEachJsonValue(
  file: string,
  take: (value: unknown, line: number) => void,
): Promise<void> {
  const splitter = new JsonSplitter(
    {
      value: (text, line) => take(parse(text, line, file), line),
      unfinished(line) {
        throw badInput(
          file,
          line,
          'the JSON value that starts here is incomplete. The file is cut off, or a bracket or quotation mark is missing.',
        );
      },
    },
    LONGEST,
  );
  let first = true;
  for await (const text of streamText(file)) {
    splitter.push(first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    if (text !== '') first = false;
  }
  splitter.finish();
}

function parse(text: string, line: number, file: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw badInput(file, line, `${faultOf(error)}. Correct or remove it.`);
  }
}
