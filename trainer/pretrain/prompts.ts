/** Prompts as token runs: a template tokenised once, filled with tokenised slots. */
import type { Tokenizer } from '@huggingface/tokenizers';
import { RankscopeError } from '../../src/errors.ts';
import { splitTemplate } from '../../src/ranking/render.ts';
import type { LabelTemplate } from '../../src/ranking/template.ts';

export interface TokenTemplate {
  readonly template: LabelTemplate;
  readonly pieces: readonly (readonly number[] | { readonly slot: string })[];
  /** Start token and the decoder prefix. */
  readonly decoderIds: readonly number[];
  readonly labelIds: readonly number[];
}

export interface TokenIds {
  readonly start: number;
  readonly end: number;
}

/** Token ids of a text, without the end token. */
export function plainIds(tokenizer: Tokenizer, text: string): number[] {
  return [...tokenizer.encode(text, { add_special_tokens: false }).ids];
}

/** Tokenises a template's wording. White space stands between wording and slots, so runs just join. */
export function compileTemplate(template: LabelTemplate, tokenizer: Tokenizer, ids: TokenIds): TokenTemplate {
  const single = (word: string): number => {
    const found = plainIds(tokenizer, word);
    if (found.length !== 1) {
      throw new RankscopeError(
        'bad-checkpoint',
        `Label “${word}” of template ${template.id} is ${found.length} tokens; labels must be one token each.`,
      );
    }
    return found[0]!;
  };
  return {
    template,
    pieces: splitTemplate(template.text).map((piece) =>
      piece.slot === undefined ? plainIds(tokenizer, piece.text) : { slot: piece.slot },
    ),
    decoderIds: [
      ids.start,
      ...(template.decoderPrefix === '' ? [] : plainIds(tokenizer, template.decoderPrefix)),
    ],
    labelIds: template.labels.map(single),
  };
}

export type Slots = Readonly<Record<string, ArrayLike<number>>>;

/** The prompt's token ids, end token included. */
export function fillTemplate({ pieces, template }: TokenTemplate, slots: Slots, end: number): Int32Array {
  let length = 1;
  const runs = pieces.map((piece) => {
    if (!('slot' in piece)) return piece;
    const run = slots[piece.slot];
    if (!run)
      throw new RankscopeError('internal', `Template ${template.id}: slot ${piece.slot} is not filled.`);
    return run;
  });
  for (const run of runs) length += run.length;
  const out = new Int32Array(length);
  let at = 0;
  for (const run of runs) {
    out.set(run as ArrayLike<number>, at);
    at += run.length;
  }
  out[at] = end;
  return out;
}
