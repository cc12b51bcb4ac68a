import { useEffect, useRef, useState } from 'react';
import {
  type DroppedEntry,
  type LocalModel,
  localFromDrop,
  localFromFiles,
} from '../../../sources/local-files.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

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
export function useModelDrop(take: (local: Promise<LocalModel>) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      latest.current(localOf(event.dataTransfer));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return dragging;
}
