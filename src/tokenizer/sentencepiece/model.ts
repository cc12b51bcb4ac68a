/**
 * A SentencePiece model (`spiece.model`): its pieces, and the settings of its trainer and its normaliser.
 *
 * Source: ModelProto in sentencepiece_model.proto; fields that do not matter to token ids are skipped.
 */
import { damaged, type ProtoField, ProtoReader } from './proto-reader.ts';

/** ModelProto.SentencePiece.Type. */
export const PIECE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
/** TrainerSpec.ModelType. */
export const MODEL = { unigram: 1, bpe: 2, word: 3, char: 4 } as const;

export interface SentencePiece {
  readonly piece: string;
  /** Log-probability. */
  readonly score: number;
  readonly type: number;
  /** Byte of the file where it begins. */
  readonly at: number;
}

export interface SentencePieceModel {
  readonly path: string;
  /** By id. */
  readonly pieces: readonly SentencePiece[];
  readonly trainer: TrainerSpec;
  readonly normalizer: NormalizerSpec;
}

export interface TrainerSpec {
  readonly modelType: number;
  readonly byteFallback: boolean;
  readonly spaceAsSuffix: boolean;
  /** Ids; -1: there is none. Absent: the file does not say. */
  readonly unkId: number;
  readonly eosId?: number;
  readonly padId?: number;
}

export interface NormalizerSpec {
  readonly name: string;
  /** Empty: texts are taken as they are. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraSpaces: boolean;
  readonly escapeSpaces: boolean;
}

/** Bytes. Files are below 5 MB; the largest vocabularies (mT5, Gemma) have some 260,000 pieces of 6 characters. */
export const LARGEST_FILE = 32 * 2 ** 20;
const MOST_PIECES = 2 ** 19;
/** Of all pieces together: the tokenizer makes a node of a tree from each. */
const MOST_CHARACTERS = 4_000_000;

/** @throws RankscopeError 'bad-input' naming the file, what is wrong and the byte where. */
export function readSentencePiece(bytes: Uint8Array, path: string): SentencePieceModel {
  const model = new ProtoReader(bytes, path);
  const pieces: SentencePiece[] = [];
  let trainer: TrainerSpec = {
    modelType: MODEL.unigram,
    byteFallback: false,
    spaceAsSuffix: false,
    unkId: 0,
  };
  let normalizer: NormalizerSpec = {
    name: '',
    charsmap: new Uint8Array(),
    addDummyPrefix: true,
    removeExtraSpaces: true,
    escapeSpaces: true,
  };
  let characters = 0;
  for (const field of model.fields()) {
    if (field.number === 1) {
      const piece = readPiece(model, field, pieces.length);
      characters += piece.piece.length;
      if (pieces.push(piece) > MOST_PIECES)
        throw model.error(field.at, `has more than ${MOST_PIECES} pieces`);
      if (characters > MOST_CHARACTERS) {
        throw model.error(field.at, `has pieces of more than ${MOST_CHARACTERS} characters together`);
      }
    }
    if (field.number === 2) trainer = readTrainer(model.inside(field), trainer);
    if (field.number === 3) normalizer = readNormalizer(model.inside(field), normalizer);
  }
  if (pieces.length === 0) throw damaged(path, 'it has no pieces');
  return { path, pieces, trainer, normalizer };
}

function readPiece(model: ProtoReader, message: ProtoField, id: number): SentencePiece {
  const inside = model.inside(message);
  let piece = '';
  let score = 0;
  let type: number = PIECE.normal;
  for (const field of inside.fields()) {
    if (field.number === 1) piece = inside.textOf(field);
    if (field.number === 2) score = inside.floatOf(field);
    if (field.number === 3) type = inside.intOf(field);
  }
  const { at } = message;
  if (piece === '') throw model.error(at, `has an empty piece (id ${id})`);
  if (!Number.isFinite(score)) throw model.error(at, `gives piece ${id} the score ${score}`);
  if (!Object.values<number>(PIECE).includes(type)) {
    throw model.error(at, `gives piece ${id} the unknown type ${type}`);
  }
  return { piece, score, type, at };
}

function readTrainer(inside: ProtoReader, spec: TrainerSpec): TrainerSpec {
  const read: { -readonly [Key in keyof TrainerSpec]: TrainerSpec[Key] } = { ...spec };
  for (const field of inside.fields()) {
    if (field.number === 3) read.modelType = inside.intOf(field);
    if (field.number === 24) read.spaceAsSuffix = inside.intOf(field) !== 0;
    if (field.number === 35) read.byteFallback = inside.intOf(field) !== 0;
    if (field.number === 40) read.unkId = inside.intOf(field);
    if (field.number === 42) read.eosId = inside.intOf(field);
    if (field.number === 43) read.padId = inside.intOf(field);
  }
  return read;
}

function readNormalizer(inside: ProtoReader, spec: NormalizerSpec): NormalizerSpec {
  const read: { -readonly [Key in keyof NormalizerSpec]: NormalizerSpec[Key] } = { ...spec };
  for (const field of inside.fields()) {
    if (field.number === 1) read.name = inside.textOf(field);
    if (field.number === 2) read.charsmap = inside.bytesOf(field);
    if (field.number === 3) read.addDummyPrefix = inside.intOf(field) !== 0;
    if (field.number === 4) read.removeExtraSpaces = inside.intOf(field) !== 0;
    if (field.number === 5) read.escapeSpaces = inside.intOf(field) !== 0;
  }
  return read;
}
