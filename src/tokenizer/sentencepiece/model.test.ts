/** spiece.model read as data: what is damaged is refused with its byte, whatever the bytes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFolder } from '../../../trainer/node/folder.ts';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import { readSpieceTokenizer } from '../../checkpoint/spiece-folder.ts';
import { readSentencePiece } from './model.ts';
import { attempt, folderOf, small } from './testing/spiece-folder.ts';
import { delimited, int, message, spieceBytes } from './testing/spiece-writer.ts';

const root = temporaryFolder().path;

describe('a damaged spiece.model', () => {
  const read = (bytes: Uint8Array) => () => readSentencePiece(bytes, 'x/spiece.model');
  const damaged: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', new Uint8Array(), /it has no pieces/],
    ['a web page', new TextEncoder().encode('<!doctype html>'), /unknown wire type 4 at byte 0/],
    ['cut off', spieceBytes(small).subarray(0, 30), /ends in the middle of a field .* begins at byte 16/],
    [
      'a length beyond the end',
      Uint8Array.from([10, 255, 255, 255, 255, 15]),
      /ends in the middle .* at byte 0/,
    ],
    ['an endless number', new Uint8Array(20).fill(255), /more than 10 bytes at byte 0/],
    [
      'a score that is none',
      spieceBytes([{ piece: 'x', score: Number.NaN }]),
      /gives piece 0 the score NaN at byte 0/,
    ],
    ['an empty piece', spieceBytes([{ piece: '', score: 1 }]), /empty piece \(id 0\) at byte 0/],
    ['a type that is none', spieceBytes([{ piece: 'x', score: 1, type: 9 }]), /unknown type 9/],
    [
      'no UTF-8',
      message(1, [delimited(1, Uint8Array.of(255))]),
      /text in field 1 that is not UTF-8 at byte 2/,
    ],
    ['a number for a piece', int(1, 7), /a number in field 1, where text or a message belongs at byte 0/],
    ['a text for a type', message(1, [delimited(3, Uint8Array.of(65))]), /no whole number in field 3/],
    ['zeros', spieceBytes([{ piece: 'x', score: 0 }]).fill(0), /field with number 0 at byte 0/],
  ];
  it.each(damaged)('says where: %s', async (_, bytes, words) => {
    expect(await refusal(read(bytes))).toMatch(words);
    expect(await refusal(read(bytes))).toMatch(/^x\/spiece\.model: .*download it again\.$/);
  });

  const many = (piece: Uint8Array, count: number) => {
    const bytes = new Uint8Array(piece.length * count);
    for (let at = 0; at < bytes.length; at += piece.length) bytes.set(piece, at);
    return bytes;
  };

  it('more pieces, or longer ones, than any vocabulary', async () => {
    const short = message(1, [delimited(1, Uint8Array.of(120))]);
    expect(await refusal(read(many(short, 2 ** 19 + 1)))).toMatch(/more than 524288 pieces at byte 2621440/);
    const long = message(1, [delimited(1, new Uint8Array(1_000_000).fill(120))]);
    expect(await refusal(read(many(long, 5)))).toMatch(
      /more than 4000000 characters together at byte 4000032/,
    );
    const folder = folderOf(root, new Uint8Array(32 * 2 ** 20 + 1));
    expect(await refusal(() => readSpieceTokenizer(nodeFolder(folder), 128))).toMatch(
      /has 33554433 bytes; no such file/,
    );
  });

  it('bytes of any kind: only errors for people, within a moment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => attempt(bytes)),
      { numRuns: 2_000 },
    );
  });
});
