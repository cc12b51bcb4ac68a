/**
 * Prompts as token ids that fit: passages are cut at a word, the instruction and the query never,
 * and every cut is reported.
 */
import { RankscopeError } from '../errors.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import type { TextTokenizer } from '../tokenizer/text-tokenizer.ts';
import type { Prompt, PromptLimits, PromptPart, Truncation } from './scorer.ts';

export interface EncodedPrompt {
  /** Input ids, end token last. */
  readonly ids: Int32Array;
  /** Which of two texts each token is of (0 or 1), where the prompt is a pair of texts. */
  readonly types?: Int32Array;
  readonly cuts: readonly Truncation[];
}

/**
 * Encodes one prompt within the limits.
 *
 * Each passage is first cut to `maxPassageTokens`; if the whole is still longer than `maxTokens`,
 * the passages share what the rest of the prompt leaves, evenly, a short one giving up its surplus.
 * @throws RankscopeError 'bad-input' when instruction and query alone do not fit.
 */
export function encodePrompt(
  tokenizer: T5Tokenizer,
  prompt: Pick<Prompt, 'parts'>,
  limits: PromptLimits,
): EncodedPrompt {
  const texts = prompt.parts.map((part) =>
    part.cut && limits.maxPassageTokens !== undefined
      ? keptOf(tokenizer, part.text, limits.maxPassageTokens)
      : part.text,
  );
  let ids = tokenizer.encodeParts(texts);
  if (ids.length > limits.maxTokens) {
    ids = shorten(tokenizer, prompt.parts, texts, limits.maxTokens, ids.length);
  }
  return { ids, cuts: cutsOf(prompt.parts, texts) };
}

/** Passages whose cut is remembered. */
const REMEMBERED = 2_000;

/** By limit and text: a key of both would have to be hashed anew for every prompt. */
const remembered = new WeakMap<T5Tokenizer, Map<number, Map<string, string>>>();

/**
 * What keepTokens leaves of a text, remembered: a ranking asks for the same passages again and again. The very same
 * string each time: one cut anew would have to be hashed anew, too, wherever it is looked up.
 */
function keptOf(tokenizer: T5Tokenizer, text: string, limit: number): string {
  let limits = remembered.get(tokenizer);
  if (!limits) {
    limits = new Map();
    remembered.set(tokenizer, limits);
  }
  let cuts = limits.get(limit);
  if (!cuts || cuts.size >= REMEMBERED) {
    cuts = new Map();
    limits.set(limit, cuts);
  }
  let kept = cuts.get(text);
  if (kept === undefined) {
    const ids: number[] = [];
    kept = text.slice(0, keepTokens(tokenizer, text, limit, ids));
    if (ids.length > 0) tokenizer.tell(kept, ids);
    cuts.set(text, kept);
  }
  return kept;
}

/** Shortens the texts of cuttable parts (in place) until the whole fits; returns the ids. */
function shorten(
  tokenizer: T5Tokenizer,
  parts: readonly PromptPart[],
  texts: string[],
  maxTokens: number,
  now: number,
): Int32Array {
  const slots = parts.flatMap((part, i) => (part.cut ? [i] : []));
  const counts = slots.map((i) => tokenizer.count(texts[i]!));
  const rest = now - counts.reduce((sum, count) => sum + count, 0);
  let budget = maxTokens - rest;
  // Tokens at the seams between parts may differ by a few once a passage is cut: try, look, tighten.
  for (; budget > 0; budget -= 2) {
    const shares = shareEvenly(counts, budget);
    slots.forEach((i, s) => {
      texts[i] = texts[i]!.slice(0, keepTokens(tokenizer, parts[i]!.text, shares[s]!));
    });
    const ids = tokenizer.encodeParts(texts);
    if (ids.length <= maxTokens) return ids;
  }
  throw new RankscopeError(
    'bad-input',
    `The query and the prompt around it take ${rest} tokens and this model reads ${maxTokens}: no room is left for passages. Shorten the query or the prompt.`,
    { tokens: rest, maxTokens },
  );
}

/** Splits a budget so that nobody gets more than wanted and the rest is shared evenly. */
export function shareEvenly(wanted: readonly number[], budget: number): number[] {
  const shares = wanted.map(() => 0);
  let open = wanted.map((_, i) => i);
  let left = budget;
  while (open.length > 0) {
    const each = Math.floor(left / open.length);
    const small = open.filter((i) => wanted[i]! <= each);
    if (small.length === 0) {
      for (const i of open) shares[i] = each;
      return shares;
    }
    for (const i of small) {
      shares[i] = wanted[i]!;
      left -= wanted[i]!;
    }
    open = open.filter((i) => wanted[i]! > each);
  }
  return shares;
}

/**
 * Length of the longest prefix, ending at a word if it can, that has at most `limit` tokens.
 * @param ids takes the ids of the prefix's whole words
 */
export function keepTokens(tokenizer: TextTokenizer, text: string, limit: number, ids?: number[]): number {
  const plainly = tokenizer.keepPlain(text, limit, PIECE * (limit + 1));
  if (plainly) {
    if (ids) for (const id of plainly.ids) ids.push(id);
    return plainly.kept;
  }
  let tokens = 0;
  let kept = 0;
  const word = /\S+/gu;
  for (let match = word.exec(text); match; match = word.exec(text)) {
    // With a space before it, as the word will stand in the prompt: then its ids are found there again.
    const own = encodeUpTo(tokenizer, ` ${match[0]}`, limit);
    tokens += own.length;
    if (tokens > limit) {
      return kept > 0 ? kept : keepCharacters(tokenizer, text, match.index, match[0], limit);
    }
    if (ids) for (const id of own) ids.push(id);
    kept = match.index + match[0].length;
  }
  return text.length;
}

/** Characters of the longest piece in a T5 vocabulary are fewer than this. */
const PIECE = 20;

/** Ids of a word; of a very long one only as many as show that it is over the limit. */
function encodeUpTo(tokenizer: TextTokenizer, word: string, limit: number): number[] {
  const enough = PIECE * (limit + 1);
  if (word.length > enough) {
    const start = tokenizer.encode(word.slice(0, enough));
    // Unknown characters in a row are one token: then the rest has to be encoded, too.
    if (start.length > limit) return start;
  }
  return tokenizer.encode(word);
}

/** The first word alone is too long (a URL, a text without spaces): cut inside it. */
function keepCharacters(
  tokenizer: TextTokenizer,
  text: string,
  start: number,
  word: string,
  limit: number,
): number {
  let low = 0;
  let high = Math.min(word.length, limit * PIECE);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokenizer.count(word.slice(0, middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  // Do not split a surrogate pair.
  const last = text.charCodeAt(start + low - 1);
  return start + (low > 0 && last >= 0xd800 && last < 0xdc00 ? low - 1 : low);
}

function cutsOf(parts: readonly PromptPart[], texts: readonly string[]): Truncation[] {
  const cuts: Truncation[] = [];
  for (const [i, { cut, slot = '', text }] of parts.entries()) {
    const kept = texts[i]!.length;
    if (cut && kept < text.length) cuts.push({ slot, kept, total: text.length });
  }
  return cuts;
}
