/** What is asked of any model's tokenizer where texts are counted and cut. */
export interface TextTokenizer {
  /** Tokens of a text, special ones left out. */
  count(text: string): number;
  /** Ids of a text, special tokens left out. */
  encode(text: string): number[];
  /** As T5Tokenizer's; undefined wherever a text has to be looked at word by word. */
  keepPlain(
    text: string,
    limit: number,
    longest: number,
  ): { readonly kept: number; readonly ids: number[] } | undefined;
  /** Special tokens that a prompt has besides. */
  readonly around: number;
  /** The one token of a word; absent where a model is not asked for words. @throws RankscopeError 'bad-input' */
  labelId?(label: string): number;
}
