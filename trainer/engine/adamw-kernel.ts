/**
 * AdamW's inner loop as WebAssembly with two doubles a register: twice as fast as the same loop in
 * JavaScript, whose time goes to one division and one root of a double for each parameter, and bit for
 * bit the same (adamw.test.ts). Written out as bytes, because none of our packages is an assembler.
 */
import type { Coefficients } from '../../src/training/adamw.ts';

/** Parameters a call can take: four arrays of so many floats stay in a core's second-level cache. */
export const CHUNK = 16 * 1024;
const AREA = 4 * CHUNK;
/** Bytes of a slot: a chunk's values, gradients, m and v one behind the other. */
export const SLOT = 4 * AREA;

/** The kernel's numbers, in its order. */
export function coefficientsOf(c: Coefficients): number[] {
  return [c.clip, c.beta1, 1 - c.beta1, c.beta2, 1 - c.beta2, c.keep, c.rate, c.root, c.epsilon];
}

export type Kernel = (start: number, end: number, ...coefficients: number[]) => void;

/** Memory that several threads can see. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** What is used of WebAssembly, which TypeScript declares with the DOM only. */
interface WasmApi {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}
const wasm = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

export function kernelMemory(slots: number): SharedMemory {
  const pages = Math.ceil((slots * SLOT) / 65536);
  return new wasm.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Updates the values, m and v of a slot in `memory`; `start` is the slot's first byte, `end` = start + 4 · parameters. */
export function openKernel(memory: SharedMemory): Kernel {
  const module = new wasm.Module(assemble());
  return new wasm.Instance(module, { env: { memory } }).exports.update as Kernel;
}

// Value types and instructions (WebAssembly core specification, 5.3 and 5.4; those behind 0xfd are SIMD's).
const [I32, F64, V128] = [0x7f, 0x7c, 0x7b];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
/** Two floats from the pointer's address + offset, the upper half zero. */
const load = (offset: number) => [...get(START), 0xfd, 0x5d, 2, ...unsigned(offset)];
/** Address and vector on the stack: stores its lower half. */
const store = (offset: number) => [0xfd, 0x5b, 2, ...unsigned(offset), 0];
const promote = [0xfd, 0x5f];
const demote = [0xfd, 0x5e];
const add = [0xfd, 0xf0, 0x01];
const sub = [0xfd, 0xf1, 0x01];
const mul = [0xfd, 0xf2, 0x01];
const div = [0xfd, 0xf3, 0x01];
const sqrt = [0xfd, 0xef, 0x01];
const splat = [0xfd, 0x14];
const or = [0xfd, 0x50];
const anyTrue = [0xfd, 0x53];

/** Parameters 0 and 1; 2 to 10 are the coefficients, 11 to 19 the same in both lanes. */
const START = 0;
const END = 1;
const COEFFICIENTS = 9;
const lanes = (index: number) => 2 + COEFFICIENTS + index;
const [CLIP, BETA1, REST1, BETA2, REST2, KEEP, RATE, ROOT, EPSILON] = Array.from(
  { length: COEFFICIENTS },
  (_, i) => lanes(i),
) as [number, number, number, number, number, number, number, number, number];
const [GRAD, FIRST, SECOND, RAW_G, RAW_M, RAW_V] = [20, 21, 22, 23, 24, 25] as const;
const [VALUES, GRADS, M, V] = [0, AREA, 2 * AREA, 3 * AREA] as const;

function assemble(): Uint8Array<ArrayBuffer> {
  const kept = [...load(VALUES), ...promote, ...get(KEEP), ...mul];
  const update = [
    ...[...get(RAW_G), ...promote, ...get(CLIP), ...mul, ...set(GRAD)],
    // first = beta1 m + (1 − beta1) g
    ...[...get(BETA1), ...get(RAW_M), ...promote, ...mul],
    ...[...get(REST1), ...get(GRAD), ...mul, ...add, ...set(FIRST)],
    // second = beta2 v + (1 − beta2) g g
    ...[...get(BETA2), ...get(RAW_V), ...promote, ...mul],
    ...[...get(REST2), ...get(GRAD), ...mul, ...get(GRAD), ...mul, ...add, ...set(SECOND)],
    ...[...get(START), ...get(FIRST), ...demote, ...store(M)],
    ...[...get(START), ...get(SECOND), ...demote, ...store(V)],
    // value = value keep − rate first / (√second root + epsilon)
    ...[...get(START), ...kept, ...get(RATE), ...get(FIRST), ...mul],
    ...[...get(SECOND), ...sqrt, ...get(ROOT), ...mul, ...get(EPSILON), ...add, ...div],
    ...[...sub, ...demote, ...store(VALUES)],
  ];
  // Rows of an embedding that no prompt has named yet: the fraction is 0.
  const untouched = [...get(START), ...kept, ...demote, ...store(VALUES)];
  const loop = [
    ...[...load(GRADS), ...tee(RAW_G), ...load(M), ...tee(RAW_M), ...or, ...load(V), ...tee(RAW_V), ...or],
    ...[...anyTrue, 0x04, 0x40, ...update, 0x05, ...untouched, 0x0b],
    // start += 8; again while start < end
    ...[...get(START), 0x41, 8, 0x6a, ...tee(START), ...get(END), 0x49, 0x0d, 0],
  ];
  const splats = Array.from({ length: COEFFICIENTS }, (_, i) => [
    ...get(2 + i),
    ...splat,
    ...set(lanes(i)),
  ]).flat();
  const locals = [1, RAW_V - lanes(0) + 1, V128];
  const body = [...locals, ...splats, 0x03, 0x40, ...loop, 0x0b, 0x0b];
  const parameters = [I32, I32, ...new Array<number>(COEFFICIENTS).fill(F64)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...counted(parameters), 0]),
    // A shared memory of any size, at most 4 GiB.
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 3, 1, ...unsigned(65536)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('update'), 0, 0]),
    ...section(10, [1, ...counted(body)]),
  ]);
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
function counted(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}
function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...counted(bytes)];
}
function name(text: string): number[] {
  return counted([...text].map((letter) => letter.charCodeAt(0)));
}
