import type { RefObject } from 'react';

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** All browsers have it; React passes it on without knowing it. */
    webkitdirectory?: '' | undefined;
  }
}

interface FilePickerProps {
  /** `current?.click()` shows the browser's dialog. */
  readonly ref: RefObject<HTMLInputElement | null>;
  /** Called with at least one file. */
  readonly take: (files: File[]) => void;
  readonly accept?: string;
  readonly multiple?: boolean;
  /** A whole folder is chosen, with all that is in it. */
  readonly folder?: boolean;
}

/** A file field that is neither seen nor reached by itself: a button of ours opens it. */
export function FilePicker({ ref, take, accept, multiple, folder }: FilePickerProps) {
  return (
    <input
      ref={ref}
      type="file"
      className="visually-hidden"
      aria-hidden="true"
      tabIndex={-1}
      accept={accept}
      multiple={multiple}
      webkitdirectory={folder ? '' : undefined}
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        // The same file may be chosen again after it has been edited.
        event.target.value = '';
        if (files.length > 0) take(files);
      }}
    />
  );
}
