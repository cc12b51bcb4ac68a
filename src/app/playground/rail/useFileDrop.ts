import { notify } from '../../../state/notices.ts';
import { useDrop } from '../../ui/useDrop.ts';

/** Takes one file dropped anywhere on the page. True while something is held over it. */
export const useFileDrop = (take: (file: File) => void): boolean =>
  useDrop((dropped) => {
    const [file, ...others] = dropped.files;
    if (!file) return;
    take(file);
    if (others.length === 0) return;
    const left = others.length === 1 ? others[0]!.name : `the other ${others.length} files`;
    notify('warning', `Only ${file.name} was opened, not ${left}: drop one file at a time.`);
  });
