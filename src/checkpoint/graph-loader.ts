/** Graphs of a folder in transformers.js' layout: which dtype is taken, and its files read and held to the folder's list. */
import type { FileDigest, FolderFile, FolderReader } from '../bytes/byte-source.ts';
import { readAll } from '../bytes/read.ts';
import { sha256, sourceDigest } from '../bytes/sha256.ts';
import { RankscopeError } from '../errors.ts';
import type { ExternalData } from '../inference/runtime.ts';
import type { Device, Dtype } from '../inference/scorer.ts';
import type { GraphFiles, StoredForm } from './onnx-files.ts';
import type { OpenOptions } from './open-checkpoint.ts';

export const ADVICE = 'Get the folder again, all its files from the same place.';

/**
 * Exact ones first. Where activations are scaled per tensor the arithmetic is for processors: on WebGPU every layer would
 * go there and back.
 * @throws RankscopeError 'bad-input' naming what there is
 */
export function chooseForm<F extends Pick<StoredForm, 'dtype' | 'alone'>>(
  forms: readonly F[],
  device: Device,
  wanted: Dtype | undefined,
  name: string,
): F {
  const fitting = forms.filter(({ alone }) => device !== 'webgpu' || !alone);
  const chosen = wanted ? fitting.find(({ dtype }) => dtype === wanted) : fitting[0];
  if (chosen) return chosen;
  const has = forms.map(({ dtype }) => dtype).join(', ');
  const why =
    device === 'webgpu' && forms.some(({ dtype, alone }) => alone && dtype === (wanted ?? dtype))
      ? '; q8 and int8 in this layout are for processors (WASM)'
      : '';
  throw new RankscopeError(
    'bad-input',
    `${name} has no ${wanted ?? 'suitable'} files for ${device}; it has ${has}${why}.`,
  );
}

export const aloneNotice = (name: string, { word }: Pick<StoredForm, 'word'>): string =>
  `${name} is stored as ${word} with activations scaled per tensor: each prompt runs by itself, so that its numbers depend on nothing else. fp32 or q4 files run in batches.`;

export interface LoadedGraph {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly externalData: readonly ExternalData[];
  readonly digests: Readonly<Record<string, FileDigest>>;
}

/** Reads graphs with their weights. @param files all that will be read: progress is told over them together */
export function graphLoader(
  folder: FolderReader,
  files: readonly FolderFile[],
  { onDownload, signal }: Pick<OpenOptions, 'onDownload' | 'signal'>,
) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  const read = async (file: FolderFile, keep: boolean) => {
    const source = await folder.open(file.path, signal);
    try {
      const started = before;
      const told = (done: number) => onDownload?.(file.path, started + done, total);
      before += file.size;
      if (source.size !== file.size) throw unlike(folder, file, `${source.size} bytes`, `${file.size} bytes`);
      // The runtime reads large weights by itself where they lie somewhere it can reach.
      const place = keep ? undefined : source.place;
      const bytes = place === undefined ? await readAll(source, told) : undefined;
      const digest = bytes ? await sha256(bytes) : await sourceDigest(source, told);
      if (file.sha256 !== undefined && file.sha256 !== digest) {
        throw unlike(folder, file, `SHA-256 ${digest}`, file.sha256);
      }
      return {
        bytes,
        data: bytes ?? place!,
        digest: { [file.path]: { bytes: source.size, sha256: digest } },
      };
    } finally {
      await source.close();
    }
  };
  return async ({ graph, data }: GraphFiles): Promise<LoadedGraph> => {
    const model = await read(graph, true);
    let digests = model.digest;
    const externalData: ExternalData[] = [];
    for (const file of data) {
      const weights = await read(file, false);
      externalData.push({ path: file.path.slice(file.path.lastIndexOf('/') + 1), data: weights.data });
      digests = { ...digests, ...weights.digest };
    }
    return { file: folder.name + graph.path, bytes: model.bytes!, externalData, digests };
  };
}

const unlike = ({ name }: FolderReader, { path }: FolderFile, found: string, said: string) =>
  new RankscopeError(
    'bad-checkpoint',
    `${name}${path} is not what the folder's list says: it has ${found}, not ${said}. ${ADVICE}`,
    { file: name + path },
  );

/** One digest for several files: that of their names and digests, a line each. */
export const digestOfAll = (digests: Readonly<Record<string, Pick<FileDigest, 'sha256'>>>): Promise<string> =>
  sha256(
    new TextEncoder().encode(
      Object.entries(digests)
        .map(([path, file]) => `${file.sha256}  ${path}\n`)
        .join(''),
    ),
  );
