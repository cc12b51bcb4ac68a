/**
 * From a SentencePiece vocabulary to Hugging Face's tokenizer.json in T5's layout, so that browsers,
 * Node and Python read the checkpoint with the tokenizers they already have.
 */
import { RankscopeError } from '../errors.ts';
import { normalizerJson } from './normaliser-json.ts';

export type Piece = readonly [piece: string, logProbability: number];

/** Ids fixed by T5: padding, end, unknown. */
export const specialPieces = ['<pad>', '</s>', '<unk>'] as const;

/** Reads spm_train's `.vocab` file: a piece and its log-probability per line, in id order. */
export function parseVocab(text: string): Piece[] {
  const pieces = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i): Piece => {
      const tab = line.lastIndexOf('\t');
      const score = Number(line.slice(tab + 1));
      if (tab < 1 || !Number.isFinite(score)) {
        throw new RankscopeError(
          'bad-input',
          `.vocab line ${i + 1} is not "piece<TAB>score". Train it again.`,
        );
      }
      return [line.slice(0, tab), score];
    });
  specialPieces.forEach((name, id) => {
    if (pieces[id]?.[0] !== name) {
      throw new RankscopeError(
        'bad-input',
        `Piece ${id} is "${pieces[id]?.[0]}", not "${name}". Train it again.`,
      );
    }
  });
  return pieces;
}

/** Spaces become "▁", and one goes before the text: T5's pre-tokenizer and its decoder. */
export const metaspace = {
  type: 'Metaspace',
  replacement: '▁',
  prepend_scheme: 'always',
  split: true,
} as const;

/** A token that is found in a text before it is normalised. */
export function addedToken(id: number, content: string, special = true) {
  const where = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content, ...where, special };
}

/** The post-processor of T5: every text ends in the token `id`. */
export function endsWith(token: string, id: number) {
  const end = { SpecialToken: { id: token, type_id: 0 } };
  const a = { Sequence: { id: 'A', type_id: 0 } };
  const b = { Sequence: { id: 'B', type_id: 0 } };
  return {
    type: 'TemplateProcessing',
    single: [a, end],
    pair: [a, end, b, end],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

/**
 * tokenizer.json and tokenizer_config.json for `pieces`, with `markers` appended as further pieces.
 * Markers have log-probability 0, so that the best segmentation always takes them whole; being plain
 * vocabulary (not added tokens), they are matched after lower-casing by every implementation.
 */
export function tokenizerFiles(pieces: readonly Piece[], markers: readonly string[]) {
  const known = new Set(pieces.map(([piece]) => piece));
  const twice = markers.find((marker) => known.has(marker));
  if (twice !== undefined) {
    throw new RankscopeError('bad-input', `"${twice}" is a piece already. Remove it from the markers.`);
  }
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialPieces.map((content, id) => addedToken(id, content)),
    normalizer: normalizerJson,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace],
    },
    post_processor: endsWith('</s>', 1),
    decoder: metaspace,
    model: {
      type: 'Unigram',
      unk_id: 2,
      vocab: [...pieces, ...markers.map((marker): Piece => [marker, 0])],
      byte_fallback: false,
    },
  };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    model_max_length: 512,
    eos_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<unk>',
  };
  return { tokenizer, config };
}
