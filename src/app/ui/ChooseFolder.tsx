import { type ReactNode, useRef } from 'react';
import { isAbort } from '../../errors.ts';
import {
  type DirectoryHandle,
  type LocalModel,
  localFromFiles,
  localFromHandle,
} from '../../sources/local-files.ts';
import { notify } from '../../state/notices.ts';
import { Button } from './Button.tsx';
import { FilePicker } from './FilePicker.tsx';

type Picker = (options: { readonly id: string; readonly mode: 'read' }) => Promise<DirectoryHandle>;

/** Chromium's picker, whose dialog asks to view files; that of a file field asks to “upload” them. */
const directoryPicker = (): Picker | undefined =>
  (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker;

interface Props {
  /** Of what is picked: the dialog begins where the last one of this kind was. */
  readonly id: string;
  readonly take: (local: Promise<LocalModel>) => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** A link in a sentence that has a whole folder of this machine chosen. */
export function ChooseFolder({ id, take, disabled, children }: Props) {
  const folder = useRef<HTMLInputElement>(null);
  const pick = async (show: Picker): Promise<void> => {
    try {
      take(localFromHandle(await show({ id, mode: 'read' })));
    } catch (error) {
      if (isAbort(error)) return;
      notify('warning', `The folder cannot be opened (${String(error)}). Drop it onto the page instead.`);
    }
  };
  return (
    <>
      <Button
        kind="link"
        disabled={disabled}
        onClick={() => {
          const show = directoryPicker();
          if (show) void pick(show);
          else folder.current?.click();
        }}
      >
        {children}
      </Button>
      <FilePicker
        ref={folder}
        folder
        take={(files) => take(Promise.resolve().then(() => localFromFiles(files)))}
      />
    </>
  );
}
