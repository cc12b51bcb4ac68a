/** SentencePiece models for tests: the reverse of ../model.ts, written apart from it. */
import { PIECE } from '../model.ts';

export interface SpieceOptions {
  readonly charsmap?: Uint8Array;
  /** Fields of TrainerSpec beside the ids, by number. */
  readonly trainer?: Readonly<Record<number, number>>;
  /** Fields of NormalizerSpec, by number. */
  readonly normalizer?: Readonly<Record<number, number | string>>;
}

export interface PieceToWrite {
  readonly piece: string;
  readonly score: number;
  readonly type?: number;
}

export function spieceBytes(pieces: readonly PieceToWrite[], options: SpieceOptions = {}): Uint8Array {
  const trainer = { 3: 1, 4: pieces.length, 40: 2, 41: -1, 42: 1, 43: 0, ...options.trainer };
  const normalizer = { 1: 'nmt_nfkc', ...options.normalizer };
  return joined([
    ...pieces.map(({ piece, score, type = PIECE.normal }) =>
      message(1, [text(1, piece), float(2, score), ...(type === PIECE.normal ? [] : [int(3, type)])]),
    ),
    // A text that readers of ids do not need.
    message(2, [text(2, 'prefix'), ...ints(trainer)]),
    message(3, [...ints(normalizer), ...(options.charsmap ? [delimited(2, options.charsmap)] : [])]),
  ]);
}

/** The three pieces every T5 begins with. */
export const T5_SPECIAL: readonly PieceToWrite[] = [
  { piece: '<pad>', score: 0, type: PIECE.control },
  { piece: '</s>', score: 0, type: PIECE.control },
  { piece: '<unk>', score: 0, type: PIECE.unknown },
];

const ints = (fields: Readonly<Record<number, number | string>>) =>
  Object.entries(fields).map(([number, value]) =>
    typeof value === 'string' ? text(Number(number), value) : int(Number(number), value),
  );

export const message = (number: number, fields: readonly Uint8Array[]) => delimited(number, joined(fields));

export function delimited(number: number, bytes: Uint8Array): Uint8Array {
  return joined([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

const text = (number: number, value: string) => delimited(number, new TextEncoder().encode(value));

/** Negative numbers take ten bytes, as protobuf has it. */
export const int = (number: number, value: number) => joined([varint(number << 3), varint(value)]);

function float(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([varint((number << 3) | 5), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The spiece.model that a T5's tokenizer.json was made from: its pieces but for <extra_id_…>, and its character map. */
export function spieceOfTokenizer(tokenizerJson: string): Uint8Array {
  const { model, normalizer } = JSON.parse(tokenizerJson) as {
    readonly model: { readonly vocab: readonly (readonly [string, number])[] };
    readonly normalizer: { readonly normalizers: readonly { readonly precompiled_charsmap?: string }[] };
  };
  const map = normalizer.normalizers.find(({ precompiled_charsmap }) => precompiled_charsmap !== undefined);
  const pieces = model.vocab
    .filter(([piece]) => !piece.startsWith('<extra_id_'))
    .map(([piece, score]) => T5_SPECIAL.find((special) => special.piece === piece) ?? { piece, score });
  return spieceBytes(pieces, {
    charsmap: map && new Uint8Array(Buffer.from(map.precompiled_charsmap!, 'base64')),
  });
}
