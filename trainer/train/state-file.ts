/**
 * Where a training is, in one file: weights and the optimiser's moments, in pieces, because the state of
 * a large model is larger than what Node reads at once. Written beside its place, synced and renamed.
 */
import { open } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { writeAtomicPieces } from '../node/atomic.ts';
import type { StepRecord } from './train-log.ts';

export interface StateHead {
  /** Optimiser steps done. */
  readonly step: number;
  /** Updates of the optimiser: fewer than steps where a gradient was not a number. */
  readonly updates: number;
  /** The step's line in the log is still missing, because its validation comes first. */
  readonly pending?: StepRecord;
}

type Trained = Pick<TrainableModel, 'parameters' | 'adam'>;

/** The head is JSON, padded to this: the numbers begin behind it. */
const HEAD_BYTES = 1024;
const PIECE_BYTES = 1 << 24;
const FORMAT = 'rankscope-training-state';

/** @throws the system's error; the state that was there, if any, is then untouched */
export async function writeState(
  path: string,
  model: Trained,
  head: Omit<StateHead, 'updates'>,
): Promise<void> {
  const size = model.parameters.values.length;
  const text = JSON.stringify({ format: FORMAT, version: 1, size, updates: model.adam.step, ...head });
  await writeAtomicPieces(path, pieces(Buffer.from(`${text.padEnd(HEAD_BYTES - 1)}\n`), model));
}

/** How far a state is; undefined when there is none that can be read. */
export async function readHead(path: string): Promise<StateHead | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    await file.read(bytes, 0, HEAD_BYTES, 0);
    return parseHead(bytes);
  } finally {
    await file.close();
  }
}

/**
 * Reads a state into the model.
 * @returns undefined when there is no file
 * @throws RankscopeError 'bad-checkpoint' when it is not the state of such a model
 */
export async function readState(path: string, model: Trained): Promise<StateHead | undefined> {
  const file = await open(path).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    await file.read(bytes, 0, HEAD_BYTES, 0);
    const head = parseHead(bytes);
    const arrays = arraysOf(model);
    const wanted = HEAD_BYTES + arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (!head || head.size !== model.parameters.values.length || (await file.stat()).size !== wanted) {
      throw new RankscopeError(
        'bad-checkpoint',
        `${path} is not a training state of this model, or it is damaged. Start over with --fresh.`,
      );
    }
    let at = HEAD_BYTES;
    const scratch = Buffer.alloc(PIECE_BYTES);
    for (const array of arrays) {
      for (const piece of split(array)) {
        await file.read(scratch, 0, piece.length, at);
        piece.set(scratch.subarray(0, piece.length));
        at += piece.length;
      }
    }
    model.adam.step = head.updates;
    return { step: head.step, updates: head.updates, pending: head.pending };
  } finally {
    await file.close();
  }
}

const arraysOf = ({ parameters, adam }: Trained) => [parameters.values, adam.m, adam.v];

function* pieces(head: Buffer, model: Trained): Generator<Uint8Array> {
  yield head;
  // Copies: the arrays may be shared with other threads, which the system's calls do not take.
  const scratch = Buffer.alloc(PIECE_BYTES);
  for (const array of arraysOf(model)) {
    for (const piece of split(array)) {
      scratch.set(piece);
      yield scratch.subarray(0, piece.length);
    }
  }
}

function* split(array: Float32Array): Generator<Uint8Array> {
  for (let at = 0; at < array.byteLength; at += PIECE_BYTES) {
    yield new Uint8Array(array.buffer, array.byteOffset + at, Math.min(PIECE_BYTES, array.byteLength - at));
  }
}

function parseHead(bytes: Buffer): (StateHead & { readonly size: number }) | undefined {
  try {
    const head = JSON.parse(bytes.toString('utf8')) as StateHead & {
      format: string;
      version: number;
      size: number;
    };
    return head.format === FORMAT && head.version === 1 ? head : undefined;
  } catch {
    return undefined;
  }
}
