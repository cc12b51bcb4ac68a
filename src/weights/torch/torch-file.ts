/**
 * `pytorch_model.bin`: since PyTorch 1.6 a zip archive with a pickle of tensor references
 * (`NAME/data.pkl`) and the storages as entries (`NAME/data/KEY`).
 */
import { bad } from '../../bytes/byte-errors.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readAll } from '../../bytes/read.ts';
import type { TensorFile, TensorSource } from '../tensor-source.ts';
import { readPickle } from './pickle.ts';
import { isLegacyTorch, legacyTensors } from './torch-legacy.ts';
import { torchHooks } from './torch-objects.ts';
import { stateDictTensors } from './torch-tensors.ts';
import { openZip, type ZipEntry } from './zip.ts';

/** References to tensors take a few hundred bytes each. */
const LARGEST_PICKLE = 64 * 2 ** 20;

/**
 * Reads the directory and the pickle; tensors are read when asked for.
 * @param file belongs to the result, which closes it
 * @throws RankscopeError 'bad-checkpoint' naming the file and what is wrong or was refused; the file is left open then.
 */
export async function torchFile(file: ByteSource): Promise<TensorFile> {
  const tensors = (await isLegacyTorch(file)) ? await legacyTensors(file) : await zipTensors(file);
  return { tensors, paths: [file.name], bytes: file.size, close: () => file.close() };
}

async function zipTensors(file: ByteSource): Promise<Map<string, TensorSource>> {
  const { name: path } = file;
  await refuseOthers(file);
  const entries = await openZip(file);
  const pickles = [...entries.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (!pickle || pickles.length > 1) {
    throw bad(path, `it has ${pickles.length} data.pkl, not one: it was not written by torch.save`);
  }
  if (pickle.size > LARGEST_PICKLE)
    throw bad(path, `${pickle.name} has ${pickle.size} bytes, too many for weights`);
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(entries.get(`${folder}byteorder`), path);
  const { value } = readPickle(await readAll(pickle), torchHooks, `${path}, ${pickle.name}`);
  return stateDictTensors(value, path, (key) => {
    const data = entries.get(`${folder}data/${key}`);
    return data && { data, scratch: data.scratch };
  });
}

async function checkByteOrder(entry: ZipEntry | undefined, path: string): Promise<void> {
  if (!entry || entry.size > 16) return;
  const order = new TextDecoder().decode(await readAll(entry));
  if (order !== 'little') throw bad(path, `its byte order is ${order}; only little-endian files can be read`);
}

/** Says what a file is that is not a zip archive at all. */
async function refuseOthers(file: ByteSource): Promise<void> {
  const head = await file.read(0, Math.min(4, file.size));
  if (file.size === 0) throw bad(file.name, 'it is empty: download it again');
  const magic = String.fromCharCode(...head);
  if (magic.startsWith('PK')) return;
  const what = magic.startsWith('<')
    ? 'it looks like a web page, not weights: download the file itself'
    : undefined;
  throw bad(
    file.name,
    what ?? 'it was not written by torch.save (it is not a zip archive), or it is damaged',
  );
}
