/**
 * A T5 tokenizer over @huggingface/tokenizers, with a cache of words and a faster way to segment new ones.
 *
 * SentencePiece Unigram as T5 uses it never joins pieces across a space, so a text's ids are its
 * words' ids one after the other; a ranking asks for the same passages again and again, and looking
 * words up is many times faster than running Viterbi anew. Where a text has characters that may
 * become spaces (line ends, tabs, some letters) it is normalised as a whole first.
 * `tokenizer.test.ts` holds the paths to each other.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { messageOf, RankscopeError } from '../errors.ts';
import { PartCache } from './part-cache.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { checkTokenizerJson } from './tokenizer-checks.ts';
import { isPlain, oneToken, type TokenizerFacts, tokenizerFacts } from './tokenizer-facts.ts';
import { Unigram } from './unigram.ts';

/** Words kept, and their characters all together: a few megabytes at most. */
const CACHE_WORDS = 50_000;
const CACHE_CHARACTERS = 4_000_000;

/** Words, marks, a letter that is normalised, a line end, a special token, a character that is not a piece. */
const TRIAL = 'Is the river\u2019s water cold? Caf\u00e9\n2</s> \u{1f375}';

export class T5Tokenizer implements TextTokenizer {
  /** The end token. */
  readonly around = 1;
  private readonly tokenizer: Tokenizer;
  private readonly facts: TokenizerFacts;
  private readonly unigram: Unigram;
  /** By normalised word. */
  private readonly words = new Map<string, readonly number[]>();
  /** By word as it stands in plain text. Apart from the others: normalising twice is not always once. */
  private readonly plainWords = new Map<string, readonly number[]>();
  private characters = 0;
  private readonly parts = new PartCache((text) => this.encodePlain(text));
  readonly eosId: number;
  private readonly unkId: number;
  private readonly source: string;

  /**
   * @param tokenizerJson parsed tokenizer.json
   * @param configJson parsed tokenizer_config.json
   * @throws RankscopeError 'bad-checkpoint' when they cannot be used.
   */
  constructor(tokenizerJson: unknown, configJson: unknown, source: string) {
    this.source = source;
    try {
      checkTokenizerJson(tokenizerJson, configJson);
      this.tokenizer = new Tokenizer(tokenizerJson as object, configJson as object);
      this.facts = tokenizerFacts(tokenizerJson, configJson);
      this.unkId =
        this.tokenizer.model?.unk_token_id ??
        this.tokenizer.token_to_id('<unk>') ??
        this.facts.pieces.length - 1;
      this.unigram = new Unigram(this.facts.pieces, this.unkId);
      // Its parts are made when they are first used: what is wrong with one shows here, not in a ranking.
      this.encode(TRIAL);
      this.encodeWhole(TRIAL);
    } catch (error) {
      // A library's message may quote the whole of what it did not understand.
      const reason = messageOf(error).slice(0, 300);
      throw new RankscopeError('bad-checkpoint', `${source}: tokenizer.json cannot be used (${reason}).`);
    }
    const eos = this.tokenizer.token_to_id('</s>');
    if (eos === undefined) {
      throw new RankscopeError('bad-checkpoint', `${source}: tokenizer.json has no end token </s>.`);
    }
    this.eosId = eos;
  }

  /** Ids of a text without the end token. A special token's name in the text (`</s>`) is that token, as in T5. */
  encode(text: string): number[] {
    const { wordwise, added } = this.facts;
    if (!wordwise) return this.encodeWhole(text);
    const ids: number[] = [];
    if (!added.pattern?.test(text)) {
      this.encodeSection(text, ids);
      return ids;
    }
    for (const section of text.split(added.pattern)) {
      const special = added.ids.get(section);
      if (special !== undefined) ids.push(special);
      else this.encodeSection(section, ids);
    }
    return ids;
  }

  /** `encode` of the parts joined, and the end token. Parts that come again in other company are looked up whole. */
  encodeParts(parts: readonly string[]): Int32Array {
    const joined = this.parts.join(parts, this.eosId);
    return joined ?? Int32Array.from([...this.encode(parts.join('')), this.eosId]);
  }

  /**
   * Spares `encodeParts` a passage whose words were encoded one by one, each with a space before it.
   * @param ids of the words one after the other; ignored where they would not be the text's ids behind a space
   */
  tell(text: string, ids: readonly number[]): void {
    if (!text.endsWith(' ') && this.isWordByWord(` ${text}`)) this.parts.putSpaced(text, ids);
  }

  /**
   * The longest prefix of a plain text, each of its words behind a space, that ends at a word and has at most `limit`
   * tokens; and its ids. Undefined for other texts, where no whole word fits, and where that prefix is not within the
   * first `longest` characters.
   */
  keepPlain(text: string, limit: number, longest: number): { kept: number; ids: number[] } | undefined {
    const head = text.length > longest ? text.slice(0, longest) : text;
    if (head === '' || head.startsWith(' ') || !this.isWordByWord(head)) return undefined;
    const ids: number[] = [];
    let kept = 0;
    while (kept < head.length) {
      // As in encodeSection; the first word's space is not in the text.
      const space = head.indexOf(' ', kept + 1);
      const end = space < 0 ? head.length : space;
      // What goes on behind the head is not known.
      if (end === head.length && head !== text) return undefined;
      // A space at the end is not a word.
      if (kept > 0 && end - kept === 1) return { kept: end, ids };
      const known = this.idsOf(kept === 0 ? ` ${head.slice(0, end)}` : head.slice(kept, end), true);
      if (ids.length + known.length > limit) return kept > 0 ? { kept, ids } : undefined;
      for (const id of known) ids.push(id);
      kept = end;
    }
    return { kept, ids };
  }

  /** `encode` by one call of the library, without the cache. */
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
    return oneToken(label, this.encodeWhole(label), this.unkId, this.source, (id) => this.token(id));
  }

  /** Number of ids: one more than the largest. */
  get size(): number {
    return this.tokenizer.model?.vocab.length ?? 0;
  }

  /** A token as text, for people. */
  token(id: number): string {
    return this.tokenizer.id_to_token(id) ?? `#${id}`;
  }

  /** The text of ids, special tokens left out. */
  decode(ids: readonly number[]): string {
    return this.tokenizer.decode([...ids], { skip_special_tokens: true });
  }

  /** Ids of a text all of whose words may be looked up one by one; null for any other text. */
  private encodePlain(text: string): number[] | null {
    if (!this.isWordByWord(text)) return null;
    const ids: number[] = [];
    this.encodeSection(text, ids);
    return ids;
  }

  private isWordByWord(text: string): boolean {
    const { wordwise, local, added, spaceless } = this.facts;
    return wordwise && local && spaceless && isPlain(text) && !added.pattern?.test(text);
  }

  /** Appends the ids of a text that names no special token. */
  private encodeSection(section: string, ids: number[]): void {
    const plain = this.facts.local && isPlain(section);
    const text = plain ? section : this.normalise(section);
    // A word is kept with the space before it, so that a space at the end is a word of its own.
    for (let start = 0; start < text.length; ) {
      const space = text.indexOf(' ', start + 1);
      const end = space < 0 ? text.length : space;
      const word = text.slice(start, end);
      for (const id of this.idsOf(word, plain)) ids.push(id);
      start = end;
    }
  }

  /** Ids of a word with the space before it: as it stands in plain text, or normalised. */
  private idsOf(word: string, plain: boolean): readonly number[] {
    const words = plain ? this.plainWords : this.words;
    let known = words.get(word);
    if (!known) {
      known = this.segment(plain ? this.normalise(word) : word);
      this.keep(words, word, known);
    }
    return known;
  }

  private normalise(text: string): string {
    return this.tokenizer.normalizer ? this.tokenizer.normalizer(text) : text;
  }

  private keep(words: Map<string, readonly number[]>, word: string, ids: readonly number[]): void {
    const count = this.words.size + this.plainWords.size;
    if (count >= CACHE_WORDS || this.characters + word.length > CACHE_CHARACTERS) {
      this.words.clear();
      this.plainWords.clear();
      this.characters = 0;
    }
    words.set(word, ids);
    this.characters += word.length;
  }

  /** Ids of one normalised word. */
  private segment(word: string): number[] {
    // A space at the end, where the normaliser drops it: the pre-tokenizer would make a word of nothing.
    if (word === '') return [];
    const { pre_tokenizer } = this.tokenizer;
    const marked = pre_tokenizer ? pre_tokenizer(word, { section_index: 0 }) : [word];
    return marked.length === 1
      ? this.unigram.segment(marked[0]!)
      : marked.flatMap((text) => this.unigram.segment(text));
  }
}
