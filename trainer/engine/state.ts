/** Training state on disk: whole or not at all, and enough to go on with the same numbers. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import type { AdamWState } from '../../src/training/adamw.ts';

export interface SavedState {
  /** Steps done; the next step is this one. */
  readonly step: number;
  readonly values: Float32Array;
  readonly adam: AdamWState;
}

const MAGIC = 0x52535431; // "RST1"

/** Writes beside the target and renames, so that a reader never sees half a file. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  try {
    writeFileSync(part, bytes);
    renameSync(part, path);
  } catch (error) {
    // Half a file on a full disk is in the way of what comes next.
    rmSync(part, { force: true });
    throw error;
  }
}

/** One file: a header of six uint32 (magic, step, optimiser step, size, 0, 0), then values, m, v. */
export function saveState(path: string, { step, values, adam }: SavedState): void {
  const size = values.length;
  const bytes = new Uint8Array(24 + 12 * size);
  bytes.set(new Uint8Array(Uint32Array.of(MAGIC, step, adam.step, size, 0, 0).buffer));
  for (const [i, array] of [values, adam.m, adam.v].entries()) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 24 + 4 * size * i);
  }
  writeWhole(path, bytes);
}

/** Reads a state into the given arrays. @returns the steps done; undefined when there is no file. */
export function loadState(path: string, values: Float32Array, adam: AdamWState): number | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = new Uint8Array(readFileSync(path));
  const header = bytes.length >= 24 ? new Uint32Array(bytes.buffer, 0, 6) : new Uint32Array(6);
  const size = values.length;
  if (header[0] !== MAGIC || header[3] !== size || bytes.length !== 24 + 12 * size) {
    throw new RankscopeError(
      'bad-input',
      `${path} is not a training state of this model. Delete it to start over.`,
    );
  }
  for (const [i, array] of [values, adam.m, adam.v].entries()) {
    array.set(new Float32Array(bytes.buffer, 24 + 4 * size * i, size));
  }
  adam.step = header[2]!;
  return header[1]!;
}

export function removeState(path: string): void {
  rmSync(path, { force: true });
}
