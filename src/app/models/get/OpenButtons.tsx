import { useRef } from 'react';
import { isAbort } from '../../../errors.ts';
import { type DirectoryHandle, localFromFiles, localFromHandle } from '../../../sources/local-files.ts';
import { notify } from '../../../state/notices.ts';
import { Button } from '../../ui/Button.tsx';
import { openLocal } from './open-local.ts';

const picker = () =>
  (globalThis as { showDirectoryPicker?: (options: object) => Promise<DirectoryHandle> }).showDirectoryPicker;

/** Where browsers have no picker for folders, a file field does it. */
function pickByField(): void {
  const field = document.createElement('input');
  field.type = 'file';
  field.webkitdirectory = true;
  field.onchange = () => void openLocal(Promise.resolve().then(() => localFromFiles([...field.files!])));
  field.click();
}

async function pickFolder(): Promise<void> {
  const show = picker();
  if (!show) return pickByField();
  try {
    await openLocal(localFromHandle(await show({ id: 'model', mode: 'read' })));
  } catch (error) {
    if (isAbort(error)) return;
    notify('warning', `The folder cannot be opened (${String(error)}). Drop it onto the page instead.`);
  }
}

/** What lies on this machine: a zip or all files of a folder, a folder, or a drop. */
export function OpenButtons() {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="get-open">
      <Button onClick={() => field.current?.click()}>Open folder or zip</Button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file again is a new choice.
          event.target.value = '';
          if (files.length > 0) void openLocal(Promise.resolve().then(() => localFromFiles(files)));
        }}
      />
      <span className="muted">
        a zip or a folder’s files;{' '}
        <Button kind="link" onClick={() => void pickFolder()}>
          choose a whole folder
        </Button>
        , or drop either onto this page
      </span>
    </div>
  );
}
