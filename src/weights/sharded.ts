/** Weights in several files, with an index that says which tensor lies where. */
import { bad } from '../bytes/byte-errors.ts';
import type { FolderReader } from '../bytes/byte-source.ts';
import { readTextFile } from '../bytes/read.ts';
import { parseShallowJson, shown } from '../json-text.ts';
import type { TensorFile, TensorSource } from './tensor-source.ts';

/**
 * Opens all shards that `…index.json` names.
 * @throws RankscopeError that names the index or the shard, and the tensor that is missing.
 */
export async function openSharded(
  folder: FolderReader,
  index: string,
  openShard: (path: string) => Promise<TensorFile>,
): Promise<TensorFile> {
  const map = parseIndex(await readTextFile(folder, index), folder.name + index);
  const shards = new Map<string, TensorFile>();
  const close = async () => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    for (const name of new Set(map.values())) shards.set(name, await openShard(name));
    const tensors = new Map<string, TensorSource>();
    for (const [tensor, name] of map) {
      const found = shards.get(name)!.tensors.get(tensor);
      if (!found) {
        throw bad(
          folder.name + name,
          `it lacks tensor ${tensor}, which ${folder.name}${index} says is there`,
        );
      }
      tensors.set(tensor, found);
    }
    const files = [...shards.values()];
    return {
      tensors,
      paths: files.flatMap(({ paths }) => paths),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Tensor → name of its file. */
function parseIndex(text: string, path: string): Map<string, string> {
  let json: unknown;
  try {
    json = parseShallowJson(text);
  } catch (error) {
    throw bad(path, `it is not JSON (${(error as Error).message})`);
  }
  const map = (json as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== 'object' || map === null) throw bad(path, 'it has no weight_map');
  const entries = Object.entries(map).map(([tensor, file]): [string, string] => {
    const plain = typeof file === 'string' && /^[^/\\]+$/.test(file) && file !== '..' && file !== '.';
    if (!plain)
      throw bad(path, `tensor ${tensor} is in ${shown(file)}, which is not the name of a file beside it`);
    return [tensor, file];
  });
  if (entries.length === 0) throw bad(path, 'its weight_map is empty');
  return new Map(entries);
}
