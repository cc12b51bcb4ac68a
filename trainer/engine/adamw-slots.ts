/**
 * The table at which the training thread and its helpers meet: slots of shared memory that hold one
 * chunk of parameters each, and what is to be done with them.
 */
import type { Coefficients } from '../../src/training/adamw.ts';
import {
  CHUNK,
  coefficientsOf,
  type Kernel,
  kernelMemory,
  openKernel,
  type SharedMemory,
  SLOT,
} from './adamw-kernel.ts';

/** A slot's states. Whoever moves it from FULL to TAKEN does the work. */
export const FREE = 0;
export const FULL = 1;
export const TAKEN = 2;
export const DONE = 3;

/** What a helper is given when it starts; all of it is shared. */
export interface Shared {
  readonly memory: SharedMemory;
  /** Int32: a counter that rises with every filled slot, then the states. */
  readonly control: SharedArrayBuffer;
  /** Float64: the coefficients, then offset and length of each slot's chunk. */
  readonly tasks: SharedArrayBuffer;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

const NUMBERS = 9;

export function makeShared(slots: number, m: Float32Array, v: Float32Array): Shared {
  return {
    memory: kernelMemory(slots),
    control: new SharedArrayBuffer(4 * (1 + slots)),
    tasks: new SharedArrayBuffer(8 * (NUMBERS + 2 * slots)),
    m,
    v,
  };
}

export class Slots {
  readonly count: number;
  /** Index 0 is the counter. */
  readonly control: Int32Array;
  private readonly tasks: Float64Array;
  private readonly floats: Float32Array;
  private readonly kernel: Kernel;
  private readonly m: Float32Array;
  private readonly v: Float32Array;

  constructor({ memory, control, tasks, m, v }: Shared) {
    this.control = new Int32Array(control);
    this.count = this.control.length - 1;
    this.tasks = new Float64Array(tasks);
    this.floats = new Float32Array(memory.buffer);
    this.kernel = openKernel(memory);
    this.m = m;
    this.v = v;
  }

  state(slot: number): number {
    return Atomics.load(this.control, 1 + slot);
  }

  setState(slot: number, state: number): void {
    Atomics.store(this.control, 1 + slot, state);
    Atomics.notify(this.control, 1 + slot);
  }

  /** Claims a full slot; false when somebody else has it or there is nothing in it. */
  take(slot: number): boolean {
    return Atomics.compareExchange(this.control, 1 + slot, FULL, TAKEN) === FULL;
  }

  /** Sleeps while the slot is in this state. */
  await(slot: number, state: number): void {
    Atomics.wait(this.control, 1 + slot, state);
  }

  setCoefficients(coefficients: Coefficients): void {
    this.tasks.set(coefficientsOf(coefficients));
  }

  /** Puts the chunk that starts at `offset` into a slot. */
  fill(slot: number, offset: number, values: Float32Array, grads: Float32Array): void {
    const length = Math.min(CHUNK, values.length - offset);
    this.tasks[NUMBERS + 2 * slot] = offset;
    this.tasks[NUMBERS + 2 * slot + 1] = length;
    const at = (slot * SLOT) / 4;
    this.floats.set(values.subarray(offset, offset + length), at);
    this.floats.set(grads.subarray(offset, offset + length), at + CHUNK);
  }

  /** Updates what is in the slot, and m and v. */
  work(slot: number): void {
    const [offset, length] = [this.tasks[NUMBERS + 2 * slot]!, this.tasks[NUMBERS + 2 * slot + 1]!];
    const at = (slot * SLOT) / 4;
    const moments = [this.m.subarray(offset, offset + length), this.v.subarray(offset, offset + length)];
    const places = [at + 2 * CHUNK, at + 3 * CHUNK];
    for (const [i, moment] of moments.entries()) this.floats.set(moment, places[i]);
    this.kernel(4 * at, 4 * (at + length), ...this.tasks.subarray(0, NUMBERS));
    for (const [i, moment] of moments.entries()) {
      moment.set(this.floats.subarray(places[i], places[i]! + length));
    }
  }

  /** Takes the updated values out again. */
  empty(slot: number, values: Float32Array): void {
    const [offset, length] = [this.tasks[NUMBERS + 2 * slot]!, this.tasks[NUMBERS + 2 * slot + 1]!];
    const at = (slot * SLOT) / 4;
    values.set(this.floats.subarray(at, at + length), offset);
  }
}
