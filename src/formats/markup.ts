/**
 * Markup as TREC's topics have it: XML, or SGML whose tags need not be closed. Cut into pieces in time linear in
 * the text; nothing outside the text is ever read, and entities are not defined but only decoded.
 */
import { badInput, excerpt } from './excerpt.ts';

export type MarkupPiece =
  | { readonly type: 'text'; readonly text: string; readonly line: number }
  | {
      readonly type: 'open';
      /** In lower case. */
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      /** `<name/>`. */
      readonly empty: boolean;
      /** Nothing but blanks stands before it on its line. */
      readonly first: boolean;
      readonly line: number;
    }
  | { readonly type: 'close'; readonly name: string; readonly line: number };

/** Longest tag, attributes included. */
const LONGEST_TAG = 10_000;

/**
 * Hands on texts (entities decoded once, CDATA as it is) and tags in order; comments, declarations and instructions
 * are passed over. `<` that begins no tag is text. Throws 'bad-input' naming the line for a comment, CDATA or
 * declaration that does not end, or a tag whose `>` is missing.
 */
export function readMarkup(raw: string, file: string, take: (piece: MarkupPiece) => void): void {
  const text = raw.replace(/\r\n?/g, '\n');
  let line = 1;
  let counted = 0;
  /** The line of a place; places come in order. */
  const lineAt = (place: number): number => {
    for (let end = text.indexOf('\n', counted); end >= 0 && end < place; end = text.indexOf('\n', counted)) {
      line++;
      counted = end + 1;
    }
    return line;
  };
  const words = (from: number, to: number) => {
    if (to > from) take({ type: 'text', text: decodeEntities(text.slice(from, to)), line: lineAt(from) });
  };
  /** The end of what begins at `start` and ends with `closing`. */
  const past = (start: number, closing: string, what: string): number => {
    const end = text.indexOf(closing, start);
    return end >= 0 ? end + closing.length : endless(start, closing, what);
  };
  const endless = (start: number, closing: string, what: string): never => {
    throw badInput(file, lineAt(start), `the ${what} that starts here never ends: “${closing}” is missing.`);
  };

  let from = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const next = text[at + 1] ?? '';
    if (next === '!' || next === '?') {
      words(from, at);
      if (text.startsWith('<!--', at)) at = past(at, '-->', 'comment');
      else if (text.startsWith('<![CDATA[', at)) {
        const end = past(at, ']]>', 'CDATA section');
        const inner = text.slice(at + 9, end - 3);
        if (inner !== '') take({ type: 'text', text: inner, line: lineAt(at) });
        at = end;
      } else if (next === '?') at = past(at, '?>', 'instruction');
      else at = endOfDeclaration(text, at) ?? endless(at, '>', 'declaration');
      from = at;
      continue;
    }
    const name = tagName(text, at);
    const end = name === '' ? undefined : endOfTag(text, at);
    if (end === undefined) {
      if (name !== '' && isFirst(text, at)) {
        throw badInput(
          file,
          lineAt(at),
          `the tag ${excerpt(text.slice(at, at + 40))} does not end: “>” is missing.`,
        );
      }
      at++;
      continue;
    }
    words(from, at);
    const where = lineAt(at);
    if (next === '/') take({ type: 'close', name, line: where });
    else {
      const empty = text[end - 2] === '/';
      const attributes = readAttributes(text.slice(at + 1 + name.length, end - (empty ? 2 : 1)));
      take({ type: 'open', name, attributes, empty, first: isFirst(text, at), line: where });
    }
    at = end;
    from = end;
  }
  words(from, text.length);
}

const NAME = /[a-z][\w:.-]{0,99}/iy;

/** The name of the tag that begins at `at`, in lower case; '' where none does. */
function tagName(text: string, at: number): string {
  NAME.lastIndex = text[at + 1] === '/' ? at + 2 : at + 1;
  const name = NAME.exec(text)?.[0] ?? '';
  return name !== '' && /[\s/>]/.test(text[NAME.lastIndex] ?? '') ? name.toLowerCase() : '';
}

/** The place after the tag's `>`; undefined where another tag begins before it. */
function endOfTag(text: string, at: number): number | undefined {
  let quote = '';
  const last = Math.min(text.length, at + LONGEST_TAG);
  for (let i = at + 1; i < last; i++) {
    const c = text[i]!;
    if (c === '<') return undefined;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if ((c === '"' || c === "'") && text[i - 1] === '=') quote = c;
    else if (c === '>') return i + 1;
  }
  return undefined;
}

/** Of `<!DOCTYPE x [ … ]>`; undefined where it does not end. */
function endOfDeclaration(text: string, at: number): number | undefined {
  let depth = 0;
  for (let i = at + 2; i < text.length; i++) {
    const c = text[i]!;
    if (c === '<' || c === '[') depth++;
    else if (c === ']') depth--;
    else if (c === '>') {
      if (depth <= 0) return i + 1;
      // Of a declaration inside the brackets.
      depth--;
    }
  }
  return undefined;
}

/** Whether only blanks stand before this place on its line. */
function isFirst(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (text[i] === ' ' || text[i] === '\t')) i--;
  return i < 0 || text[i] === '\n';
}

/** `a="1" b='2' c=3`, names in lower case; a pattern would be quadratic on a long name. */
function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at)) {
    let start = at;
    while (start > 0 && /[\w:.-]/.test(text[start - 1]!)) start--;
    const name = text.slice(start, at).toLowerCase();
    const quote = text[at + 1] ?? '';
    const quoted = quote === '"' || quote === "'";
    const stop = quoted ? text.indexOf(quote, at + 2) : text.slice(at + 1).search(/\s|$/) + at + 1;
    const end = stop < 0 ? text.length : stop;
    if (name !== '') attributes.set(name, decodeEntities(text.slice(at + (quoted ? 2 : 1), end)));
    at = end + 1;
  }
  return attributes;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
};
/** Letters of ISO 8859-1 from U+00C0 on, by their names in SGML and HTML: CLEF's older topics have them. */
const LATIN = (
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde ' +
  'Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc ' +
  'atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc ' +
  'otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
).split(' ');

/** Numeric references, XML's five entities and the commonest of HTML; others stay as they stand. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) {
      const latin = LATIN.indexOf(name as string);
      if (latin >= 0) return String.fromCodePoint(0xc0 + latin);
      const key = (name as string).toLowerCase();
      return Object.hasOwn(XML_ENTITIES, key) ? XML_ENTITIES[key]! : (all as string);
    }
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : (all as string);
  });
}
