/** What a tokenizer.json says about itself that decides how a text may be taken apart. */
import { RankscopeError } from '../errors.ts';

export interface TokenizerFacts {
  /** Pieces and log-probabilities, by id. */
  readonly pieces: readonly (readonly [string, number])[];
  /** Whether a text's ids are its words' ids one after the other. */
  readonly wordwise: boolean;
  /**
   * Whether plain words (`isPlain`) may be normalised one by one. Known for the normalisers that T5
   * tokenizers are written with; any other one is given whole texts.
   */
  readonly local: boolean;
  /** Whether no added token has a space in it: then none lies across a space where parts of a text meet. */
  readonly spaceless: boolean;
  /** Tokens that are recognised in a text before anything else. */
  readonly added: { readonly pattern: RegExp | undefined; readonly ids: ReadonlyMap<string, number> };
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly normalized?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
}

const SPACE_MARK = '\u2581';

/** @param tokenizerJson and `configJson` have been checked by `checkTokenizerJson` */
export function tokenizerFacts(tokenizerJson: unknown, configJson: unknown): TokenizerFacts {
  const { added_tokens, normalizer, pre_tokenizer, model } = tokenizerJson as {
    readonly added_tokens: readonly AddedToken[];
    readonly normalizer: NormalizerJson | null;
    readonly pre_tokenizer: unknown;
    readonly model: { readonly type?: string; readonly vocab: readonly (readonly [string, number])[] };
  };
  const config = configJson as {
    readonly remove_space?: boolean;
    readonly do_lowercase_and_remove_accent?: boolean;
  };
  const plain = added_tokens.every(({ normalized, lstrip, rstrip }) => !normalized && !lstrip && !rstrip);
  // Where a space may stand inside a piece, is unknown itself, or goes before the text's first word
  // only, words are not independent of each other.
  const apart =
    model.vocab.some(([piece]) => piece === SPACE_MARK) &&
    model.vocab.every(([piece]) => piece.lastIndexOf(SPACE_MARK) <= 0);
  // The library looks a piece up among the added tokens, too, and characters that are not pieces, together.
  const ids = new Map(model.vocab.map(([piece], id) => [piece, id]));
  const known = added_tokens.every(({ content, id }) =>
    ids.has(content) ? ids.get(content) === id : [...content].some((character) => ids.has(character)),
  );
  const always = !JSON.stringify(pre_tokenizer ?? null).includes('"first"');
  return {
    pieces: model.vocab,
    wordwise:
      plain && apart && known && always && !config.remove_space && !config.do_lowercase_and_remove_accent,
    local: isLocal(normalizer),
    spaceless: added_tokens.every(({ content }) => !content.includes(' ')),
    added: {
      pattern: patternOf(added_tokens),
      ids: new Map(added_tokens.map(({ content, id }) => [content, id])),
    },
  };
}

interface NormalizerJson {
  readonly type: string;
  readonly normalizers?: readonly NormalizerJson[];
  readonly pattern?: { readonly String?: string; readonly Regex?: string };
  readonly strip_left?: boolean;
}

const LOCAL = ['Precompiled', 'NFC', 'NFD', 'NFKC', 'NFKD', 'StripAccents', 'Lowercase'];

function isLocal(normalizer: NormalizerJson | null): boolean {
  if (!normalizer) return true;
  const { type, normalizers = [], pattern, strip_left } = normalizer;
  if (type === 'Sequence') return normalizers.every(isLocal);
  // Runs of spaces are not plain text; a single character is replaced where it stands.
  if (type === 'Replace') return pattern?.Regex === ' {2,}' || (pattern?.String ?? '  ').trim().length === 1;
  // In plain text only the space at its end is a word that ends in one.
  if (type === 'Strip') return strip_left === false;
  return LOCAL.includes(type);
}

// Letters and marks that no normaliser turns into spaces, into nothing, or joins with a neighbour
// across a space; no runs of spaces.
const PLAIN = /^[\x20-\x7e\u00c0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*$/;

/** Whether a text is of the common kind whose words are normalised one by one, which is much faster. */
export const isPlain = (text: string): boolean => PLAIN.test(text) && !text.includes('  ');

/** Longest first, as the library matches. The group makes `split` keep the tokens. */
function patternOf(tokens: readonly AddedToken[]): RegExp | undefined {
  if (tokens.length === 0) return undefined;
  const escaped = tokens
    .map(({ content }) => content)
    .sort((a, b) => b.length - a.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(${escaped.join('|')})`);
}

/**
 * The single id of a label word.
 * @throws RankscopeError 'bad-input' when the word is not one known token.
 */
export function oneToken(
  label: string,
  ids: readonly number[],
  unkId: number,
  source: string,
  tokenName: (id: number) => string,
): number {
  const [id] = ids;
  if (ids.length === 1 && id !== undefined && id !== unkId) return id;
  throw new RankscopeError(
    'bad-input',
    `The label “${label}” is not one token for ${source} (it becomes ${ids.map(tokenName).join(' ') || 'nothing'}). ` +
      'Choose a label word that is a single token.',
  );
}
