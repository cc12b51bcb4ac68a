/** Weights beside a model, as onnxruntime-node takes them. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { ExternalData } from '../../src/inference/runtime.ts';

/** Session options for external data. */
export interface NodeExternalData {
  /** Files read into memory. */
  readonly files: { path: string; data: Uint8Array }[] | undefined;
  /** Entries of `extra.session`: a folder from which the runtime maps them itself, taking no memory of Node's. */
  readonly session: Readonly<Record<string, string>>;
}

/** Files of one folder that are called what the model calls them are mapped; all others are read. */
export async function nodeExternalData(external: readonly ExternalData[] = []): Promise<NodeExternalData> {
  if (external.length === 0) return { files: undefined, session: {} };
  const folders = new Set(external.map(({ path, data }) => folderOf(path, data)));
  const [folder] = folders;
  if (folders.size === 1 && folder !== undefined) {
    return { files: undefined, session: { model_external_initializers_file_folder_path: folder } };
  }
  const files = external.map(async ({ path, data }) => ({ path, data: await bytesOf(data) }));
  return { files: await Promise.all(files), session: {} };
}

function folderOf(path: string, data: ExternalData['data']): string | undefined {
  return typeof data === 'string' && basename(data) === path ? dirname(resolve(data)) : undefined;
}

async function bytesOf(data: ExternalData['data']): Promise<Uint8Array> {
  if (typeof data === 'string') return readFile(data);
  return data instanceof Uint8Array ? data : new Uint8Array(await data.arrayBuffer());
}
