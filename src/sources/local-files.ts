/** What people drop or pick, as files with paths: folders by whichever of the browser's interfaces gave them. */
import { RankscopeError } from '../errors.ts';
import type { BlobFile } from './blob-folder.ts';
import { isLitter, isSafePath, MOST_FILES, withoutCommonFolder } from './source-file.ts';

/** What was dropped: a folder's files, or a single archive. */
export type LocalModel =
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly BlobFile[] }
  | { readonly kind: 'zip'; readonly name: string; readonly blob: Blob };

/** A File as far as it is needed: `webkitRelativePath` is filled where a folder was picked. */
export type PickedFile = Blob & { readonly name: string; readonly webkitRelativePath?: string };

/** FileSystemEntry of a drop, which all browsers have (DataTransferItem.webkitGetAsEntry). */
export interface DroppedEntry {
  readonly name: string;
  readonly fullPath: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

interface DroppedFileEntry extends DroppedEntry {
  file(give: (file: PickedFile) => void, fail: (error: unknown) => void): void;
}

interface DroppedDirectory extends DroppedEntry {
  createReader(): {
    /** Up to 100 at a time; none at the end. */
    readEntries(give: (entries: readonly DroppedEntry[]) => void, fail: (error: unknown) => void): void;
  };
}

/** A directory handle (window.showDirectoryPicker, OPFS). */
export interface DirectoryHandle {
  readonly kind: 'directory';
  readonly name: string;
  values(): AsyncIterable<DirectoryHandle | FileHandle>;
}

export interface FileHandle {
  readonly kind: 'file';
  readonly name: string;
  getFile(): Promise<Blob>;
}

/** Files that were picked, one by one, as a folder, or a zip. @throws RankscopeError 'bad-input'. */
export function localFromFiles(files: readonly PickedFile[]): LocalModel {
  const [first] = files;
  if (!first) throw new RankscopeError('bad-input', 'There are no files in it.');
  if (files.length === 1 && /\.zip$/i.test(first.name)) return { kind: 'zip', name: first.name, blob: first };
  return folderOf(
    first.webkitRelativePath?.split('/')[0] || 'The chosen files',
    files.map((blob) => ({ path: blob.webkitRelativePath || blob.name, size: blob.size, blob })),
  );
}

/** What was dropped on the page. @throws RankscopeError 'bad-input'. */
export async function localFromDrop(entries: readonly DroppedEntry[]): Promise<LocalModel> {
  const found: PickedFile[] = [];
  const files: BlobFile[] = [];
  const walk = async (entry: DroppedEntry): Promise<void> => {
    if (isLitter(entry.name)) return;
    if (files.length > MOST_FILES) throw tooMany(entry.name);
    if (entry.isFile) {
      const blob = await new Promise<PickedFile>((give, fail) =>
        (entry as DroppedFileEntry).file(give, fail),
      );
      found.push(blob);
      files.push({ path: entry.fullPath.replace(/^\//, ''), size: blob.size, blob });
    } else if (entry.isDirectory)
      for (const inner of await entriesOf(entry as DroppedDirectory)) await walk(inner);
  };
  for (const entry of entries) await walk(entry);
  if (found.length === 1 && entries[0]?.isFile) return localFromFiles(found);
  return folderOf(entries[0]?.name ?? '', files);
}

async function entriesOf(directory: DroppedDirectory): Promise<readonly DroppedEntry[]> {
  const reader = directory.createReader();
  const all: DroppedEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly DroppedEntry[]>((give, fail) => reader.readEntries(give, fail));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** A folder that was picked through a handle. @throws RankscopeError 'bad-input'. */
export async function localFromHandle(handle: DirectoryHandle): Promise<LocalModel> {
  const files: BlobFile[] = [];
  const walk = async (folder: DirectoryHandle, prefix: string): Promise<void> => {
    for await (const entry of folder.values()) {
      if (isLitter(entry.name)) continue;
      if (files.length > MOST_FILES) throw tooMany(handle.name);
      if (entry.kind === 'directory') await walk(entry, `${prefix}${entry.name}/`);
      else {
        const blob = await entry.getFile();
        files.push({ path: prefix + entry.name, size: blob.size, blob });
      }
    }
  };
  await walk(handle, '');
  return folderOf(handle.name, files);
}

function folderOf(name: string, all: readonly BlobFile[]): LocalModel {
  const files = withoutCommonFolder(all.filter(({ path }) => !isLitter(path) && isSafePath(path)));
  if (files.length === 0)
    throw new RankscopeError('bad-input', `${name || 'What was dropped'}: there are no files in it.`);
  return { kind: 'folder', name, files };
}

const tooMany = (name: string): RankscopeError =>
  new RankscopeError(
    'bad-input',
    `${name} has more than ${MOST_FILES} files: choose the model’s own folder.`,
  );
