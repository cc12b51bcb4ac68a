/**
 * What a recipe may hold at most, looked for before it is parsed: the parser's time grows with the square of what is
 * nested or repeated, its stack with the depth, and an alias may stand for any amount of text. The lexer alone runs here,
 * in time that grows with the text.
 */
import { CST, type Document, isAlias, Lexer, type Node, visit } from 'yaml';
import type { Problem } from '../../src/formats/excerpt.ts';
import { count } from '../cli/progress.ts';

/** Shipped recipes have 4 kB, 900 tokens and 3 levels. */
const MOST = { characters: 64_000, tokens: 12_000, depth: 16, indent: 100, aliases: 32 } as const;

/** The first thing that is too much, if any. */
export function excess(text: string): Problem | undefined {
  if (text.length > MOST.characters) {
    const found = `it has ${count(text.length)} characters; a recipe has at most ${count(MOST.characters)}.`;
    return { line: 1, reason: `${found} Is it the right file?` };
  }
  let line = 1;
  let tokens = 0;
  let aliases = 0;
  let flow = 0;
  /** Lists and keys that begin on this line. */
  let begun = 0;
  let isLineStart = true;
  const tooMuch = (what: string, most: number) => ({
    line,
    reason: `${what}; a recipe has at most ${count(most)}.`,
  });
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (++tokens > MOST.tokens) return tooMuch('it has too many parts', MOST.tokens);
    if (type === 'flow-seq-start' || type === 'flow-map-start') flow++;
    if (type === 'flow-seq-end' || type === 'flow-map-end') flow = Math.max(0, flow - 1);
    if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind') begun++;
    if (type === 'alias' && ++aliases > MOST.aliases)
      return tooMuch('too many aliases (*name) are used here', MOST.aliases);
    if (flow > MOST.depth || (begun > MOST.depth && flow === 0)) {
      return tooMuch('lists and sections are nested too deeply', MOST.depth);
    }
    if (type === 'space' && isLineStart && token.length > MOST.indent) {
      return tooMuch('the line is indented too far', MOST.indent);
    }
    isLineStart = type === 'newline';
    if (isLineStart) begun = 0;
    for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) line++;
  }
  return undefined;
}

/**
 * The first alias that stands for nothing, or for something with aliases in it: that may be itself, or more than fits
 * into memory.
 */
export function aliasProblem(document: Document): { offset: number; reason: string } | undefined {
  let found: { offset: number; reason: string } | undefined;
  visit(document, {
    Alias(_, alias) {
      const target = alias.resolve(document);
      if (target && !holdsAlias(target)) return undefined;
      const reason = target
        ? 'this alias refers to another alias or to itself. Write its value out.'
        : `there is no anchor &${alias.source} above this alias.`;
      found = { offset: alias.range?.[0] ?? 0, reason };
      return visit.BREAK;
    },
  });
  return found;
}

function holdsAlias(node: Node): boolean {
  let holds = false;
  visit(node, {
    Node(_, inner) {
      holds ||= isAlias(inner);
      return holds ? visit.BREAK : undefined;
    },
  });
  return holds;
}
