import { useEffect, useRef, useState } from 'react';
import { notify } from '../../../state/notices.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * Takes a file dropped anywhere on the page (a miss would make the browser open it and leave the
 * page). True while one is held over it.
 */
export function useFileDrop(take: (file: File) => void): boolean {
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
      if (!hasFiles(event)) return;
      event.preventDefault();
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (!file) return;
      latest.current(file);
      if (others.length > 0) {
        const left = others.length === 1 ? others[0]!.name : `the other ${others.length} files`;
        notify('warning', `Only ${file.name} was opened, not ${left}: drop one file at a time.`);
      }
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
