/** Folders with a spiece.model, and a small vocabulary for one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFolder } from '../../../../trainer/node/folder.ts';
import { readSpieceTokenizer } from '../../../checkpoint/spiece-folder.ts';
import { RankscopeError } from '../../../errors.ts';
import { readSentencePiece } from '../model.ts';
import { t5TokenizerFiles } from '../t5-tokenizer.ts';
import { type PieceToWrite, type SpieceOptions, spieceBytes, T5_SPECIAL } from './spiece-writer.ts';

export const words: readonly PieceToWrite[] = [
  ['▁', -2],
  ['▁a', -3],
  ['b', -4],
  ['a', -4.5],
  ['▁water', -5.25],
].map(([piece, score]) => ({ piece: piece as string, score: score as number }));
export const small = [...T5_SPECIAL, ...words];

let made = 0;

/** A new folder in `root` with the model and JSON files beside it. */
export function folderOf(
  root: string,
  bytes: Uint8Array,
  beside: Readonly<Record<string, unknown>> = {},
): string {
  const folder = join(root, `spiece-${++made}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'spiece.model'), bytes);
  for (const [file, json] of Object.entries(beside)) writeFileSync(join(folder, file), JSON.stringify(json));
  return folder;
}

/** Writes a model of these pieces into `root` and converts it. */
export const converter =
  (root: string) =>
  (pieces: readonly PieceToWrite[], options: SpieceOptions = {}, beside = {}, vocabSize = 128) =>
    readSpieceTokenizer(nodeFolder(folderOf(root, spieceBytes(pieces, options), beside)), vocabSize);

/** Conversion of bytes that may be damaged; any error but ours fails. */
export function attempt(bytes: Uint8Array): void {
  try {
    t5TokenizerFiles(readSentencePiece(bytes, 'x/spiece.model'), { extraIds: 100, modelMaxLength: 512 });
  } catch (error) {
    if (!(error instanceof RankscopeError)) throw error;
  }
}
