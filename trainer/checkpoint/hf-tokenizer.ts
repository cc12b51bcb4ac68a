/** A folder's tokenizer, read and as the files that a checkpoint keeps. */
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';

export interface HfTokenizer {
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}
