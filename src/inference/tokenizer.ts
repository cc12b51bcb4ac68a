/**
 * A T5 tokenizer over @huggingface/tokenizers, with a cache of words.
 *
 * SentencePiece Unigram as T5 uses it never joins pieces across a space, so a text's ids are its
 * words' ids one after the other; a ranking asks for the same passages again and again, and looking
 * words up is many times faster than running Viterbi anew. `tokenizer.test.ts` holds the two paths
 * to each other.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { RankscopeError } from '../errors.ts';

/** Words kept; a word is short, so this is a few megabytes at most. */
const CACHE_WORDS = 50_000;

export class T5Tokenizer {
  private readonly tokenizer: Tokenizer;
  private readonly words = new Map<string, readonly number[]>();
  readonly eosId: number;
  private readonly source: string;

  /**
   * @param tokenizerJson parsed tokenizer.json
   * @param configJson parsed tokenizer_config.json
   * @throws RankscopeError 'bad-checkpoint' when they cannot be used.
   */
  constructor(tokenizerJson: unknown, configJson: unknown, source: string) {
    this.source = source;
    try {
      this.tokenizer = new Tokenizer(tokenizerJson as object, configJson as object);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RankscopeError('bad-checkpoint', `${source}: tokenizer.json cannot be used (${reason}).`);
    }
    const eos = this.tokenizer.token_to_id('</s>');
    if (eos === undefined) {
      throw new RankscopeError('bad-checkpoint', `${source}: tokenizer.json has no end token </s>.`);
    }
    this.eosId = eos;
  }

  /** Ids of a text without the end token. */
  encode(text: string): number[] {
    // A trailing space may become a piece of its own: leave that case to the tokenizer.
    if (text.endsWith(' ')) return this.encodeWhole(text);
    const ids: number[] = [];
    let start = 0;
    for (let at = 0; at <= text.length; at++) {
      if (at < text.length && text.charCodeAt(at) !== 32) continue;
      if (at > start) {
        for (const id of this.word(text.slice(start, at))) ids.push(id);
      }
      start = at + 1;
    }
    return ids;
  }

  /** The same by one call of the tokenizer, without the cache. */
  encodeWhole(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** Number of tokens of a text without the end token. */
  count(text: string): number {
    return this.encode(text).length;
  }

  /**
   * The one token of a label word.
   * @throws RankscopeError 'bad-input' when the word is not a single token of this vocabulary.
   */
  labelId(label: string): number {
    const ids = this.encodeWhole(label);
    const unknown = this.tokenizer.token_to_id('<unk>');
    if (ids.length !== 1 || ids[0] === unknown) {
      const pieces = ids.map((id) => this.tokenizer.id_to_token(id) ?? `#${id}`).join(' ');
      throw new RankscopeError(
        'bad-input',
        `The label "${label}" is not one token for ${this.source} (it becomes ${pieces || 'nothing'}). ` +
          'Choose a label word that is a single token.',
      );
    }
    return ids[0]!;
  }

  /** A token as text, for people. */
  token(id: number): string {
    return this.tokenizer.id_to_token(id) ?? `#${id}`;
  }

  private word(word: string): readonly number[] {
    const known = this.words.get(word);
    if (known) return known;
    const ids = this.encodeWhole(word);
    if (this.words.size >= CACHE_WORDS) this.words.clear();
    if (word.length <= 64) this.words.set(word, ids);
    return ids;
  }
}
