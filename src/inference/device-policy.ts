/**
 * Where a model should run: one table of device × dtype × model size × memory × isolation → what is offered, and why.
 *
 * What it rests on: q8, q4 and fp32 graphs run wholly on WebGPU (of int8's, half stays on the CPU with copies to and fro);
 * a software adapter is far slower than WASM; WebAssembly's heap ends at 4 GB and never shrinks; a checkpoint of 248
 * million parameters took 0.9 GB and 0.8 s a prompt of 160 tokens on two threads here, one of 783 million 2.1 GB and
 * 3.9 s. Half precision (fp16) is no dtype of ours: T5's activations overflow it.
 */
import type { Dtype } from './scorer.ts';

export type PageDevice = 'wasm' | 'webgpu';

export interface Machine {
  /** What answers WebGPU: nothing, a processor that plays graphics card, or a real one. */
  readonly gpu: 'none' | 'software' | 'real';
  /** Largest buffer of the adapter, bytes; absent: unknown. */
  readonly maxBufferBytes?: number;
  /** Of WASM; 1 where the page is not cross-origin isolated. */
  readonly threads: number;
  readonly isolated: boolean;
  /** GB of memory, as far as the browser tells (it rounds, and says 8 for more); absent: unknown. */
  readonly memoryGb?: number;
  /** A phone or tablet. */
  readonly mobile: boolean;
}

export interface ModelSize {
  /** In words, for messages. */
  readonly name: string;
  readonly parameters: number;
  /** dtypes that the checkpoint has, with the bytes of their weights. */
  readonly bytes: Readonly<Partial<Record<Dtype, number>>>;
  /** dtypes whose graphs run on processors only, whatever the dtype usually means. */
  readonly processorOnly?: readonly Dtype[];
}

/**
 * - `good`: taken by itself, the best first
 * - `risk`: only when somebody asks for it, and told why
 * - `impossible`: cannot work here
 */
export type Verdict = 'good' | 'risk' | 'impossible';

export interface Offer {
  readonly device: PageDevice;
  readonly dtype: Dtype;
  readonly verdict: Verdict;
  /** A sentence or two for people. */
  readonly reason: string;
}

/** Bytes of a parameter's weights; blocks of 32 with a scale each for q8 and q4, embeddings of q4 in 8 bits. */
export const BYTES_PER_PARAMETER: Readonly<Record<Dtype, number>> = { fp32: 4, int8: 1, q8: 1.13, q4: 0.63 };

/** The classes of the table; the largest number of parameters of each. */
const SIZES = { small: 120e6, base: 400e6, large: 1.2e9, huge: Number.POSITIVE_INFINITY } as const;
type Size = keyof typeof SIZES;

/** In order of preference; what is not listed under a size is a risk at any. */
const GOOD: Readonly<Record<PageDevice, Readonly<Record<Size, readonly Dtype[]>>>> = {
  webgpu: { small: ['q8', 'fp32', 'q4'], base: ['q8', 'q4'], large: ['q4', 'q8'], huge: [] },
  wasm: { small: ['int8', 'fp32', 'q8', 'q4'], base: ['int8', 'q8', 'q4'], large: [], huge: [] },
};
/** Where memory is tight: phones, and machines that say they have 4 GB or less. */
const GOOD_TIGHT: typeof GOOD = {
  webgpu: { small: ['q8', 'q4'], base: [], large: [], huge: [] },
  wasm: { small: ['int8', 'q8', 'q4'], base: [], large: [], huge: [] },
};

/** dtypes in order of preference for a model that fits anywhere. */
export const DTYPE_ORDER = { wasm: GOOD.wasm.small, webgpu: GOOD.webgpu.small } as const;

/** All that a page can be asked for. */
export const PAGE_DTYPES: readonly Dtype[] = ['int8', 'q8', 'q4', 'fp32'];
const TIGHT_GB = 4;
/** WebAssembly's heap, and what a session takes of it: the weights about twice while it starts, and this much more. */
const HEAP_BYTES = 4 * 2 ** 30;
const HEAP_REST = 300e6;
const heapBytes = (weights: number) => 2.2 * weights + HEAP_REST;

/** Every dtype that the checkpoint has on both devices, the best first: WebGPU's before WASM's, each in order of preference. */
export function offersFor(machine: Machine, model: ModelSize): Offer[] {
  const devices: readonly PageDevice[] = ['webgpu', 'wasm'];
  const offers = devices.flatMap((device) =>
    preferred(device, machine, model).map((dtype): Offer => {
      const [verdict, reason] = judge(device, dtype, machine, model);
      return { device, dtype, verdict, reason };
    }),
  );
  const rank = ({ verdict }: Offer) => (verdict === 'good' ? 0 : verdict === 'risk' ? 1 : 2);
  return offers.sort((a, b) => rank(a) - rank(b));
}

/** A dtype for each device, or for one, or for none. */
export type DtypeWishes = Readonly<Partial<Record<PageDevice, Dtype>>>;

/** What people choose: a device or neither, a dtype or none in particular. */
export interface Wish {
  readonly device: PageDevice | 'auto';
  /** The only one that will do. */
  readonly dtype?: Dtype;
  /** Taken on its device, at any risk; where it cannot be had there, it is as if nothing had been wished for. */
  readonly dtypes?: DtypeWishes;
}

/**
 * The best of the offers that suits. A risk is taken only where the device or the dtype was asked for by name. A dtype
 * wished for decides between devices only where no offer is good by itself.
 * @returns undefined where there is none
 */
export function choose(offers: readonly Offer[], { device, dtype, dtypes = {} }: Wish): Offer | undefined {
  const found = offers.filter(
    (offer) =>
      offer.verdict !== 'impossible' &&
      (device === 'auto' || offer.device === device) &&
      (dtype === undefined || offer.dtype === dtype),
  );
  const wished = found.filter((offer) => offer.dtype === dtypes[offer.device]);
  if (device !== 'auto') return wished[0] ?? found[0];
  const good = found.find(({ verdict }) => verdict === 'good');
  return good ? (wished.find((offer) => offer.device === good.device) ?? good) : wished[0];
}

/** Why another dtype was taken than the one wished for on its device; undefined where it is that one. */
export function whyNotWished(
  offers: readonly Offer[],
  taken: Offer,
  dtypes: DtypeWishes = {},
): string | undefined {
  const wished = dtypes[taken.device];
  if (wished === undefined || wished === taken.dtype) return undefined;
  const offer = offers.find(({ device, dtype }) => device === taken.device && dtype === wished);
  const why = offer?.verdict === 'impossible' ? offer.reason : 'The model has no scorer of it.';
  return `${wished} was not used: ${why} It runs as ${taken.dtype}.`;
}

/** Why nothing is taken by itself: the reason of the least unsuitable. */
export function whyNot(offers: readonly Offer[], device: Wish['device']): string {
  const found = offers.filter((offer) => device === 'auto' || offer.device === device);
  const best = found.find(({ verdict }) => verdict === 'risk') ?? found[0];
  return best?.reason ?? 'The checkpoint has no scorer that runs in a page.';
}

/** The checkpoint's dtypes in the table's order, the others behind. */
function preferred(device: PageDevice, machine: Machine, model: ModelSize): Dtype[] {
  const order = goodOnes(device, machine, sizeOf(model));
  return [...new Set([...order, ...GOOD[device].small, ...PAGE_DTYPES])].filter(
    (dtype) => model.bytes[dtype] !== undefined,
  );
}

const isTight = ({ mobile, memoryGb }: Machine) => mobile || (memoryGb !== undefined && memoryGb <= TIGHT_GB);

const goodOnes = (device: PageDevice, machine: Machine, size: Size) =>
  (isTight(machine) ? GOOD_TIGHT : GOOD)[device][size];

function sizeOf({ parameters }: ModelSize): Size {
  return (Object.keys(SIZES) as Size[]).find((size) => parameters <= SIZES[size])!;
}

function judge(
  device: PageDevice,
  dtype: Dtype,
  machine: Machine,
  model: ModelSize,
): readonly [Verdict, string] {
  const weights = model.bytes[dtype]!;
  return device === 'webgpu'
    ? judgeGpu(dtype, weights, machine, model)
    : judgeWasm(dtype, weights, machine, model);
}

function judgeGpu(
  dtype: Dtype,
  weights: number,
  machine: Machine,
  model: ModelSize,
): readonly [Verdict, string] {
  if (model.processorOnly?.includes(dtype)) {
    return ['impossible', 'Graphs of this layout and dtype are made for processors.'];
  }
  if (machine.gpu === 'none') return ['impossible', 'This browser offers no WebGPU adapter.'];
  if (machine.gpu === 'software') {
    return ['risk', 'The only WebGPU adapter here is software: far slower than WASM.'];
  }
  if (dtype === 'int8') {
    return ['risk', 'On WebGPU half of an int8 graph runs on the CPU, with copies to and fro: slow.'];
  }
  const tight = tightWords(machine, model);
  if (!goodOnes('webgpu', machine, sizeOf(model)).includes(dtype)) {
    return ['risk', tight ?? `${inGb(weights)} of weights may be more than the graphics card can hold.`];
  }
  // Weights lie in buffers of their own; an adapter whose largest is below this was not made for them.
  if (machine.maxBufferBytes !== undefined && sizeOf(model) !== 'small' && machine.maxBufferBytes < weights) {
    return ['risk', `The graphics adapter allows buffers of ${inGb(machine.maxBufferBytes)} only.`];
  }
  return ['good', `On the graphics card, ${inGb(weights)} of weights.`];
}

function judgeWasm(
  dtype: Dtype,
  weights: number,
  machine: Machine,
  model: ModelSize,
): readonly [Verdict, string] {
  const need = heapBytes(weights);
  if (need > HEAP_BYTES) {
    return ['impossible', `It would take ${inGb(need)}; WebAssembly has 4 GB.`];
  }
  const size = sizeOf(model);
  if (size === 'large' || size === 'huge') {
    const speed = machine.threads > 1 ? 'about 4 seconds a prompt' : 'more than 4 seconds a prompt';
    return ['risk', `${inMillions(model)} on the CPU take ${inGb(need)} of memory and ${speed}.`];
  }
  const tight = tightWords(machine, model);
  if (!goodOnes('wasm', machine, size).includes(dtype)) {
    return ['risk', tight ?? `It takes ${inGb(need)} of memory.`];
  }
  const one = machine.threads === 1 ? ` ${oneThreadWords(machine)}` : '';
  return ['good', `On the CPU, ${threadsOf(machine)}, ${inGb(weights)} of weights.${one}`];
}

function tightWords(machine: Machine, model: ModelSize): string | undefined {
  if (!isTight(machine)) return undefined;
  const where = machine.mobile ? 'a phone or tablet' : `a machine with ${machine.memoryGb} GB of memory`;
  return `${inMillions(model)} are much for ${where}: the page may be closed by the browser.`;
}

const oneThreadWords = ({ isolated }: Machine) =>
  isolated
    ? 'The machine has one core.'
    : 'Threads need a page that is served isolated (HTTPS and two headers).';

const threadsOf = ({ threads }: Machine) => (threads === 1 ? 'one thread' : `${threads} threads`);
const inMillions = ({ parameters }: ModelSize) => `${Math.round(parameters / 1e6)} million parameters`;
const inGb = (bytes: number) =>
  bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
