/**
 * The few names that PyTorch's pickles of tensors use (torch/_utils.py, torch/serialization.py), as
 * descriptions: a storage type, a storage, a view of it. Everything else is unknown here, so refused.
 */

import type { ElementType } from '../tensor-source.ts';
import {
  PickleDict,
  type PickleHooks,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';

/** Bytes of an element of every storage type; those without an ElementType are known but not read. */
const STORAGES: Readonly<Record<string, { readonly bytes: number; readonly type?: ElementType }>> = {
  FloatStorage: { bytes: 4, type: 'F32' },
  HalfStorage: { bytes: 2, type: 'F16' },
  BFloat16Storage: { bytes: 2, type: 'BF16' },
  DoubleStorage: { bytes: 8, type: 'F64' },
  LongStorage: { bytes: 8 },
  IntStorage: { bytes: 4 },
  ShortStorage: { bytes: 2 },
  CharStorage: { bytes: 1 },
  ByteStorage: { bytes: 1 },
  BoolStorage: { bytes: 1 },
};

/** Tensors of T5 have two dimensions; a damaged file may say anything. */
const MOST_DIMS = 8;

class StorageType extends PickleObject {
  readonly name: string;
  readonly word: string;
  readonly bytes: number;
  readonly type: ElementType | undefined;
  constructor(word: string, { bytes, type }: { readonly bytes: number; readonly type?: ElementType }) {
    super();
    this.name = `torch.${word}`;
    this.word = word;
    this.bytes = bytes;
    this.type = type;
  }
}

/** Data that lies in the file under a key. */
export class Storage extends PickleObject {
  readonly name = 'a storage';
  readonly key: string;
  /** An ElementType, or torch's word for what is not read. */
  readonly stored: string;
  readonly elementBytes: number;
  readonly elements: number;
  constructor(key: string, { type, word, bytes }: StorageType, elements: number) {
    super();
    this.key = key;
    this.stored = type ?? word;
    this.elementBytes = bytes;
    this.elements = elements;
  }
}

/** A tensor as a view of a storage; offset and strides count elements. */
export class TensorView extends PickleObject {
  readonly name = 'a tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    super();
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

type Reduce = (args: readonly PickleValue[]) => PickleValue | undefined;

class Callable extends PickleObject {
  readonly name: string;
  readonly reduce: Reduce;
  constructor(name: string, reduce: Reduce) {
    super();
    this.name = name;
    this.reduce = reduce;
  }
}

/** _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, …) */
const rebuildTensor: Reduce = ([storage, offset, size, stride]) => {
  const shape = counts(size);
  const strides = counts(stride);
  if (!(storage instanceof Storage) || !isCount(offset) || !shape || !strides) return undefined;
  if (shape.length !== strides.length || shape.length > MOST_DIMS) return undefined;
  return new TensorView(storage, offset, shape, strides);
};

/** A parameter is its tensor. */
const rebuildParameter: Reduce = ([data]) => (data instanceof TensorView ? data : undefined);

const copied = new WeakSet<PickleList>();

/** OrderedDict() or, from Python 2, OrderedDict([[key, value], …]). */
const orderedDict: Reduce = ([items]) => {
  const dict = new PickleDict();
  if (items === undefined) return dict;
  // A list is copied once: a pickle that hands the same one to many calls would cost the square of its length.
  if (!(items instanceof PickleList) || copied.has(items)) return undefined;
  copied.add(items);
  for (const item of items.items) {
    const pair = item instanceof PickleList || item instanceof PickleTuple ? item.items : [];
    if (pair.length !== 2) return undefined;
    dict.entries.set(pair[0]!, pair[1]!);
  }
  return dict;
};

const GLOBALS = new Map<string, PickleObject>(
  [
    ...Object.entries(STORAGES).map(([word, layout]) => new StorageType(word, layout)),
    new Callable('torch._utils._rebuild_tensor', rebuildTensor),
    new Callable('torch._utils._rebuild_tensor_v2', rebuildTensor),
    new Callable('torch._utils._rebuild_parameter', rebuildParameter),
    new Callable('torch._utils._rebuild_parameter_with_state', rebuildParameter),
    new Callable('torch.Size', ([items]) => (items instanceof PickleTuple ? items : undefined)),
    new Callable('collections.OrderedDict', orderedDict),
  ].map((object) => [object.name, object]),
);

/** Hooks for PyTorch's pickles. They have no state and no effect. */
export const torchHooks: PickleHooks = {
  global: (name) => GLOBALS.get(name),
  reduce: (callee, args) => (callee instanceof Callable ? callee.reduce(args) : undefined),
  /** ('storage', type, key, device, elements); old files add a sixth, None for what is not a view. */
  persistent(id) {
    if (!(id instanceof PickleTuple)) return undefined;
    const [word, type, key, , elements, view] = id.items;
    const known = word === 'storage' && type instanceof StorageType && typeof key === 'string';
    if (!known || !isCount(elements) || (view ?? null) !== null) return undefined;
    return new Storage(key, type, elements);
  },
};

function counts(value: PickleValue | undefined): readonly number[] | undefined {
  // The length first: a long tuple of the memo may be handed to many calls.
  return value instanceof PickleTuple && value.items.length <= MOST_DIMS && value.items.every(isCount)
    ? (value.items as readonly number[])
    : undefined;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
