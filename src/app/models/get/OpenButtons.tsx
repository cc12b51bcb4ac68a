import { useRef } from 'react';
import { isAbort } from '../../../errors.ts';
import { type DirectoryHandle, localFromFiles, localFromHandle } from '../../../sources/local-files.ts';
import { notify } from '../../../state/notices.ts';
import { Button } from '../../ui/Button.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { openLocal } from './open-local.ts';

type Picker = (options: { readonly id: string; readonly mode: 'read' }) => Promise<DirectoryHandle>;

/** Chromium's picker, whose dialog asks to view files; that of a file field asks to “upload” them. */
const directoryPicker = (): Picker | undefined =>
  (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker;

const openFiles = (files: readonly File[]) =>
  void openLocal(Promise.resolve().then(() => localFromFiles(files)));

async function openHandle(show: Picker): Promise<void> {
  try {
    await openLocal(localFromHandle(await show({ id: 'model', mode: 'read' })));
  } catch (error) {
    if (isAbort(error)) return;
    notify('warning', `The folder cannot be opened (${String(error)}). Drop it onto the page instead.`);
  }
}

/** What lies on this machine: a zip or all files of a folder, a folder, or a drop. */
export function OpenButtons() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const pickFolder = () => {
    const show = directoryPicker();
    if (show) void openHandle(show);
    else folder.current?.click();
  };
  return (
    <div className="get-open">
      <Button onClick={() => files.current?.click()}>Open folder or zip</Button>
      <FilePicker ref={files} multiple take={openFiles} />
      <FilePicker ref={folder} folder take={openFiles} />
      <span className="muted">
        A zip, or the files of a folder. You can also{' '}
        <Button kind="link" onClick={pickFolder}>
          choose a whole folder
        </Button>
        , or drop either anywhere on this page.
      </span>
    </div>
  );
}
