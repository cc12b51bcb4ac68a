/** JSON from outside: bounded in depth before it is parsed, and shown in messages without trusting it. */

/** Deeper nesting is refused: recursive work on it would exhaust the stack. */
export const MAX_DEPTH = 200;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * The value of a JSON text. @throws Error whose message is a clause without its full stop
 */
export function parseShallowJson(text: string): unknown {
  if (isTooDeep(text)) throw new Error(`brackets nested deeper than ${MAX_DEPTH} levels`);
  return JSON.parse(text);
}

/**
 * A value of parsed JSON for a message, short, e.g. `"abc"`, `3`, `[1,2]`. Whatever it is: objects from
 * JSON may have a `toString` or `toJSON` that is not a function, or be huge.
 */
export function shown(value: unknown, length = 80): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return value.toString();
  // Of a huge text only the start is written out.
  const part = typeof value === 'string' ? value.slice(0, length) : value;
  let text: string;
  try {
    text = JSON.stringify(part) ?? typeof value;
  } catch {
    text = Array.isArray(value) ? 'a list' : 'an object';
  }
  return text.length <= length && part === value ? text : `${text.slice(0, length - 1)}…`;
}

/** Whether brackets are nested deeper than MAX_DEPTH. */
export function isTooDeep(text: string): boolean {
  if (!hasManyBrackets(text)) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === 91 || code === 123) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** Whether there are so many opening brackets that they could be nested too deep; most texts have few. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

/** Where the string ends that begins at `start`; the text's length if it does not end. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
