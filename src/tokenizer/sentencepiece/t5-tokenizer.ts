/**
 * From a SentencePiece model to tokenizer.json and tokenizer_config.json as Hugging Face's T5Converter
 * writes them (transformers, convert_slow_tokenizer.py): the pieces by id, behind them <extra_id_99> to
 * <extra_id_0>; the character map, spaces at the end dropped, runs of spaces made one.
 */

import { addedToken, endsWith, metaspace, type Piece } from '../tokenizer-json.ts';
import { checkCharsmap } from './check-charsmap.ts';
import type { Companions } from './companions.ts';
import { MODEL, PIECE, type SentencePieceModel } from './model.ts';
import { damaged, unusable } from './proto-reader.ts';

const EOS = '</s>';
const UNK = '<unk>';
const PAD = '<pad>';

/**
 * @returns the two files as objects.
 * @throws RankscopeError 'bad-input' for a model that T5's tokenizers cannot express, saying why.
 */
export function t5TokenizerFiles(model: SentencePieceModel, { extraIds, modelMaxLength }: Companions) {
  checkKind(model);
  const { path, pieces, trainer, normalizer } = model;
  const vocab = pieces.map(({ piece, score }): Piece => [piece, score]);
  const extra = Array.from({ length: extraIds }, (_, i) => `<extra_id_${extraIds - 1 - i}>`);
  for (const token of extra) vocab.push([token, 0]);
  const ids = idsOf(path, vocab);
  checkNames(model, ids);
  checkCharsmap(model);
  const special = new Set([PAD, EOS, UNK, ...extra]);
  const added = vocab.flatMap(([token], id) => {
    const type = pieces[id]?.type;
    const isSpecial = special.has(token) || type === PIECE.control;
    return isSpecial || type === PIECE.userDefined ? [addedToken(id, token, isSpecial)] : [];
  });
  const map = base64(normalizer.charsmap);
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(map === '' ? [] : [{ type: 'Precompiled', precompiled_charsmap: map }]),
        { type: 'Strip', strip_left: false, strip_right: true },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    },
    pre_tokenizer: metaspace,
    post_processor: endsWith(EOS, ids.get(EOS)!),
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: trainer.unkId, vocab, byte_fallback: false },
  };
  const config = {
    additional_special_tokens: extra.toReversed(),
    clean_up_tokenization_spaces: true,
    eos_token: EOS,
    extra_ids: extraIds,
    model_max_length: modelMaxLength,
    pad_token: PAD,
    tokenizer_class: 'T5Tokenizer',
    unk_token: UNK,
  };
  return { tokenizer, config };
}

/** In parts: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** What T5's tokenizers do not do. */
function checkKind({ path, pieces, trainer, normalizer }: SentencePieceModel): void {
  const not = (why: string) => unusable(path, `${why}. T5's tokenizers are not of that kind`);
  if (trainer.modelType !== MODEL.unigram) {
    const kind = Object.keys(MODEL).find((name) => MODEL[name as keyof typeof MODEL] === trainer.modelType);
    throw not(`it is a model of the kind ${kind ?? trainer.modelType}, not unigram`);
  }
  if (trainer.byteFallback || pieces.some(({ type }) => type === PIECE.byte)) {
    throw not('it spells unknown characters as bytes (byte_fallback), which the tokenizer here would not');
  }
  const unused = pieces.find(({ type }) => type === PIECE.unused);
  if (unused)
    throw not(`its piece “${unused.piece}” is marked as unused, which the tokenizer here would use`);
  if (trainer.spaceAsSuffix) throw not('it marks spaces behind words (treat_whitespace_as_suffix)');
  if (!normalizer.addDummyPrefix) throw not('it puts no space before a text (add_dummy_prefix is false)');
  if (!normalizer.removeExtraSpaces) throw not('it keeps runs of spaces (remove_extra_whitespaces is false)');
  if (!normalizer.escapeSpaces) throw not('it does not mark spaces (escape_whitespaces is false)');
}

function idsOf(path: string, vocab: readonly Piece[]): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [id, [piece]] of vocab.entries()) {
    const earlier = ids.get(piece);
    if (earlier !== undefined) {
      const advice = piece.startsWith('<extra_id_')
        ? ': it has pieces of that name itself. Write "extra_ids": 0 into tokenizer_config.json beside it'
        : '';
      throw unusable(path, `“${piece}” would be token ${earlier} and token ${id}${advice}`);
    }
    ids.set(piece, id);
  }
  return ids;
}

/** The unknown, the end and the padding token are there, and the trainer's ids say the same. */
function checkNames({ path, pieces, trainer }: SentencePieceModel, ids: ReadonlyMap<string, number>): void {
  const unknown = pieces.flatMap(({ type }, id) => (type === PIECE.unknown ? [id] : []));
  if (unknown.length !== 1 || unknown[0] !== trainer.unkId) {
    const found = unknown.length === 0 ? 'none' : `id ${unknown.slice(0, 5).join(', ')}`;
    throw damaged(path, `its unknown token should be the one piece ${trainer.unkId}, it has ${found}`);
  }
  const names = [
    [UNK, trainer.unkId],
    [EOS, trainer.eosId],
    [PAD, trainer.padId],
  ] as const;
  for (const [name, said] of names) {
    const id = ids.get(name);
    if (id === undefined) throw unusable(path, `it has no piece ${name}, which T5 needs`);
    if (said !== undefined && said >= 0 && said !== id) {
      throw damaged(path, `${name} is piece ${id}, and its trainer says ${said}`);
    }
  }
}
