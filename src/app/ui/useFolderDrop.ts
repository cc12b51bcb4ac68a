import {
  type DroppedEntry,
  type LocalModel,
  localFromDrop,
  localFromFiles,
} from '../../sources/local-files.ts';
import { useDrop } from './useDrop.ts';

/** What a drop has, taken from it before the event is over: entries, or files where the browser gives no entries. */
function localOf(data: DataTransfer): Promise<LocalModel> {
  const entries = [...data.items]
    .map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
    .filter((entry) => entry !== null);
  const files = [...data.files];
  if (entries.length > 0) return localFromDrop(entries as unknown as readonly DroppedEntry[]);
  return Promise.resolve().then(() => localFromFiles(files));
}

/** Takes a folder or a zip dropped anywhere on the page. True while one is held over it. */
export const useFolderDrop = (take: (local: Promise<LocalModel>) => void): boolean =>
  useDrop((dropped) => take(localOf(dropped)));
