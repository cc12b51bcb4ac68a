/** The folder that a request to load names, and its checkpoint. */
import type { FolderReader } from '../src/bytes/byte-source.ts';
import { kindNamed } from '../src/checkpoint/kinds.ts';
import type { OpenedCheckpoint, OpenOptions } from '../src/checkpoint/open-checkpoint.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import { BlobFolder } from '../src/sources/blob-folder.ts';
import type { LoadRequest } from '../src/workers/scorer-protocol.ts';
import { httpFolder } from './http-folder.ts';

export const folderOf = ({ url, files }: LoadRequest): FolderReader =>
  files ? new BlobFolder(url, files) : httpFolder(url);

export const openRequest = (
  request: LoadRequest,
  runtime: Runtime,
  options: OpenOptions,
): Promise<OpenedCheckpoint> =>
  kindNamed(request.kind ?? 'fused-t5').open(folderOf(request), runtime, options);
