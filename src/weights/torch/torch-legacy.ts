/**
 * What torch.save wrote before PyTorch 1.6 (torch/serialization.py, `_legacy_save`): five pickles one
 * after the other (magic number, protocol version, facts of the system, the state dict, keys of the
 * storages), then for each key the number of elements in 8 bytes and the elements.
 */
import { bad } from '../../bytes/byte-errors.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { partOf } from '../../bytes/range.ts';
import type { TensorSource } from '../tensor-source.ts';
import { readPickle } from './pickle.ts';
import { PickleDict, type PickleHooks, PickleList, type PickleValue } from './pickle-values.ts';
import { Storage, torchHooks } from './torch-objects.ts';
import { stateDictTensors } from './torch-tensors.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
/** PROTO 2, LONG1 of 10 bytes: the magic number as every such file begins. */
const BEGINNING = [0x80, 0x02, 0x8a, 0x0a];
/** The pickles stand in the first part of the file; the rest is data. */
const LARGEST_PICKLES = 64 * 2 ** 20;

export async function isLegacyTorch(file: ByteSource): Promise<boolean> {
  if (file.size < BEGINNING.length) return false;
  const head = await file.read(0, BEGINNING.length);
  return BEGINNING.every((byte, i) => head[i] === byte);
}

export async function legacyTensors(file: ByteSource): Promise<Map<string, TensorSource>> {
  const { name: path } = file;
  const head = await file.read(0, Math.min(file.size, LARGEST_PICKLES));
  const storages = new Map<string, Storage>();
  let at = 0;
  const next = (what: string): PickleValue => {
    const { value, end } = readPickle(head.subarray(at), noting(storages), `${path}, ${what}`);
    at += end;
    return value;
  };
  if (next('magic number') !== MAGIC) throw bad(path, 'it was not written by torch.save');
  if (next('version') !== VERSION) throw bad(path, 'it has an unknown version of the format');
  const system = next('system');
  if (!(system instanceof PickleDict) || system.entries.get('little_endian') === false) {
    throw bad(path, 'its byte order is big; only little-endian files can be read');
  }
  const stateDict = next('state dict');
  const keys = next('storage keys');
  if (!(keys instanceof PickleList)) throw bad(path, 'it has no list of storages: the file is damaged');
  const places = new Map<string, ByteSource>();
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw bad(path, `it has a storage ${String(key)} that no tensor uses: the file is damaged`);
    const elements = new DataView((await file.read(at, 8)).buffer).getBigInt64(0, true);
    if (elements !== BigInt(storage.elements)) {
      throw bad(
        path,
        `storage ${storage.key} has ${elements} elements, not ${storage.elements}: the file is damaged`,
      );
    }
    const size = storage.elements * storage.elementBytes;
    places.set(storage.key, partOf(file, at + 8, size));
    at += 8 + size;
  }
  return stateDictTensors(stateDict, path, (key) => {
    const data = places.get(key);
    return data && { data, scratch: 0 };
  });
}

/** torch's hooks, which note the storages as they are named. */
function noting(storages: Map<string, Storage>): PickleHooks {
  return {
    ...torchHooks,
    persistent(id) {
      const storage = torchHooks.persistent(id);
      if (storage instanceof Storage) storages.set(storage.key, storage);
      return storage;
    },
  };
}
