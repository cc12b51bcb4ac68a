import { useRef } from 'react';
import { localFromFiles } from '../../../sources/local-files.ts';
import { Button } from '../../ui/Button.tsx';
import { ChooseFolder } from '../../ui/ChooseFolder.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { openLocal } from './open-local.ts';

/** What lies on this machine: a zip or all files of a folder, a folder, or a drop. */
export function OpenButtons() {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="get-open">
      <Button onClick={() => field.current?.click()}>Open folder or zip</Button>
      <FilePicker
        ref={field}
        multiple
        take={(files) => void openLocal(Promise.resolve().then(() => localFromFiles(files)))}
      />
      <span className="muted">
        A zip, or the files of a folder. You can also{' '}
        <ChooseFolder id="model" take={(local) => void openLocal(local)}>
          choose a whole folder
        </ChooseFolder>
        , or drop either anywhere on this page.
      </span>
    </div>
  );
}
