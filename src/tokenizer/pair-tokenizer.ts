/**
 * The tokenizer of an encoder that reads pairs of texts (BERT's WordPiece, XLM-R's Unigram, RoBERTa's and ModernBERT's BPE),
 * over @huggingface/tokenizers: tokenizer.json says how two texts become one input, `[CLS] a [SEP] b [SEP]` for BERT.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { messageOf, RankscopeError } from '../errors.ts';
import { isObject } from '../json-checks.ts';
import { shown } from '../json-text.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export interface EncodedPair {
  readonly ids: Int32Array;
  /** 0 for tokens of the first text, 1 for those of the second, as the model was trained to see them. */
  readonly types: Int32Array;
}

/** Words, marks, a letter that is normalised, a line end, a character that is not a piece. */
const TRIAL = 'Is the river’s water cold? Café\n2 \u{1f375}';

export class PairTokenizer implements TextTokenizer {
  private readonly tokenizer: Tokenizer;
  readonly around: number;

  /**
   * @param tokenizerJson parsed tokenizer.json
   * @param configJson parsed tokenizer_config.json
   * @param source for messages, ends in `/`
   * @throws RankscopeError 'bad-checkpoint' when they cannot be used
   */
  constructor(tokenizerJson: unknown, configJson: unknown, source: string) {
    try {
      checkShape(tokenizerJson, configJson);
      this.tokenizer = new Tokenizer(tokenizerJson as object, configJson as object);
      // Its parts are made when they are first used: what is wrong with one shows here, not in a ranking.
      const pair = this.pair(TRIAL, TRIAL).ids.length;
      this.around = pair - 2 * this.count(TRIAL);
    } catch (error) {
      // A library's message may quote the whole of what it did not understand.
      const reason = messageOf(error).slice(0, 300);
      throw new RankscopeError('bad-checkpoint', `${source}tokenizer.json cannot be used (${reason}).`, {
        file: `${source}tokenizer.json`,
      });
    }
    if (this.around < 1) {
      throw new RankscopeError(
        'bad-checkpoint',
        `${source}tokenizer.json puts nothing between two texts, so a model cannot tell the query from the passage. Get the tokenizer of a cross-encoder.`,
        { file: `${source}tokenizer.json` },
      );
    }
  }

  /** Two texts as one input, special tokens included. */
  pair(first: string, second: string): EncodedPair {
    // The library takes an empty second text for none at all.
    const text_pair = second === '' ? ' ' : second;
    const { ids, token_type_ids } = this.tokenizer.encode(first, { text_pair, return_token_type_ids: true });
    return { ids: Int32Array.from(ids), types: Int32Array.from(token_type_ids ?? ids.map(() => 0)) };
  }

  encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  count(text: string): number {
    return this.encode(text).length;
  }

  keepPlain(): undefined {
    return undefined;
  }

  /** One more than the largest id, added tokens included. */
  get size(): number {
    let most = -1;
    for (const id of this.tokenizer.get_vocab(true).values()) most = Math.max(most, id);
    return most + 1;
  }

  /** A token as text, for people. */
  token(id: number): string {
    const added = this.tokenizer.get_added_tokens_decoder().get(id)?.content;
    return added ?? this.tokenizer.id_to_token(id) ?? `#${id}`;
  }
}

/** @throws TypeError that says in a clause what is wrong */
function checkShape(tokenizerJson: unknown, configJson: unknown): void {
  if (!isObject(tokenizerJson)) throw new TypeError(`it must be an object, found ${shown(tokenizerJson)}`);
  if (!isObject(configJson))
    throw new TypeError(`tokenizer_config.json must be an object, found ${shown(configJson)}`);
  const { model } = tokenizerJson;
  if (!isObject(model)) throw new TypeError(`its "model" must be an object, found ${shown(model)}`);
  if (!isObject(model.vocab) && !Array.isArray(model.vocab))
    throw new TypeError('its model has no list of tokens');
}
