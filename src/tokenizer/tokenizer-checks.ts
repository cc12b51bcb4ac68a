/** What a tokenizer.json must have before anything is made of it; and whether it is of the model beside it. */

import { isCount, isNumber, isObject, isText } from '../json-checks.ts';
import { shown } from '../json-text.ts';

/** Far more tokens than any T5 has; an id beyond it would fill the memory with a table of nothing. */
const MOST_TOKENS = 2_000_000;

/** @throws TypeError that says in a clause what is wrong */
export function checkTokenizerJson(tokenizerJson: unknown, configJson: unknown): void {
  if (!isObject(tokenizerJson)) throw new TypeError(`it must be an object, found ${shown(tokenizerJson)}`);
  if (!isObject(configJson))
    throw new TypeError(`tokenizer_config.json must be an object, found ${shown(configJson)}`);
  const { model, added_tokens: added } = tokenizerJson;
  if (!isObject(model)) throw new TypeError(`its "model" must be an object, found ${shown(model)}`);
  const { vocab, unk_id: unknown } = model;
  if (!Array.isArray(vocab)) throw new TypeError('its model is not Unigram, as T5 needs');
  if (vocab.length === 0 || vocab.length > MOST_TOKENS) {
    throw new TypeError(`its "vocab" has ${vocab.length} tokens`);
  }
  const isPiece = (piece: unknown) =>
    Array.isArray(piece) && piece.length === 2 && isText(piece[0]) && isNumber(piece[1]);
  const odd = vocab.findIndex((piece) => !isPiece(piece));
  if (odd >= 0)
    throw new TypeError(`"vocab[${odd}]" must be a string and a number, found ${shown(vocab[odd])}`);
  if (unknown !== undefined && unknown !== null && !(isCount(unknown) && unknown < vocab.length)) {
    throw new TypeError(`"unk_id" must be one of its ${vocab.length} tokens, found ${shown(unknown)}`);
  }
  if (!Array.isArray(added)) throw new TypeError(`its "added_tokens" must be a list, found ${shown(added)}`);
  const isToken = (token: unknown) =>
    isObject(token) &&
    isText(token.content) &&
    token.content !== '' &&
    isCount(token.id) &&
    token.id < MOST_TOKENS;
  const wrong = added.findIndex((token) => !isToken(token));
  if (wrong >= 0) {
    throw new TypeError(
      `"added_tokens[${wrong}]" must have an id and a string, found ${shown(added[wrong])}`,
    );
  }
}
