/** Tensors of a PyTorch file: views of storages, by parameter name. */
import { bad } from '../../bytes/byte-errors.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { gather, isRowMajor, span } from '../strided.ts';
import { decode, elementBytes, isReadable, type TensorSource } from '../tensor-source.ts';
import { PickleDict, type PickleValue } from './pickle-values.ts';
import { TensorView } from './torch-objects.ts';

/** Where storages lie: bytes by key, and the memory that reading one takes. */
export type FindStorage = (
  key: string,
) => { readonly data: ByteSource; readonly scratch: number } | undefined;

/**
 * The tensors of a state dict (other values are passed over).
 * @throws RankscopeError 'bad-checkpoint' when it is no state dict, or a view leaves its storage.
 */
export function stateDictTensors(
  value: PickleValue,
  path: string,
  find: FindStorage,
): Map<string, TensorSource> {
  if (!(value instanceof PickleDict)) throw bad(path, 'it contains no state dict (parameters by name)');
  const tensors = new Map<string, TensorSource>();
  for (const [name, item] of value.entries) {
    if (typeof name === 'string' && item instanceof TensorView)
      tensors.set(name, source(name, item, path, find));
  }
  if (tensors.size > 0) return tensors;
  const keys = [...value.entries.keys()].filter((key) => typeof key === 'string').slice(0, 5);
  const found = keys.length > 0 ? `; it has ${keys.join(', ')}` : '';
  throw bad(path, `its state dict has no tensors at the top level${found}. Save model.state_dict() itself`);
}

function source(name: string, view: TensorView, path: string, find: FindStorage): TensorSource {
  const { storage, shape, strides, offset } = view;
  const { stored } = storage;
  const fail = (what: string) => bad(path, `tensor ${name} ${what}`);
  const found = find(storage.key);
  if (!found)
    throw fail(`lies in storage ${storage.key}, which is not in the file: it is truncated or damaged`);
  const { data } = found;
  const extent = span(shape, strides);
  if (!Number.isSafeInteger(offset + extent) || offset + extent > storage.elements) {
    throw fail(`reaches beyond its storage (${storage.elements} elements): the file is damaged`);
  }
  if (storage.elements * storage.elementBytes > data.size) {
    throw fail(`lies in storage ${storage.key}, which is cut short: the file is truncated or damaged`);
  }
  const direct = isRowMajor(shape, strides);
  return {
    name,
    path,
    stored,
    shape,
    scratch: found.scratch + (direct ? 0 : 4 * extent),
    async read() {
      if (!isReadable(stored)) throw fail(`holds ${stored}, not real numbers`);
      const size = elementBytes(stored);
      const values = new Float32Array(extent);
      let at = 0;
      for await (const piece of data.pieces(offset * size, (offset + extent) * size)) {
        at += decode(stored, piece, values, at);
      }
      return direct ? values : gather(values, shape, strides);
    },
  };
}
