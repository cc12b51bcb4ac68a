import { useRef } from 'react';
import { openBytes, useOpened } from '../../state/recording/opened.ts';
import { useFileDrop } from '../playground/rail/useFileDrop.ts';
import { Button } from '../ui/Button.tsx';
import { FilePicker } from '../ui/FilePicker.tsx';

/** Opens a recording from a file; with `drop` also one that is dropped on the page. */
export function OpenRecording({ drop }: { readonly drop?: boolean }) {
  const picker = useRef<HTMLInputElement>(null);
  const reading = useOpened((s) => s.reading !== null);
  return (
    <>
      <Button small aria-disabled={reading || undefined} onClick={() => reading || picker.current?.click()}>
        {reading ? 'Reading …' : 'Open recording'}
      </Button>
      <FilePicker
        ref={picker}
        accept=".json,.jsonl,.ndjson,.gz,application/json,application/gzip"
        take={([file]) => file && void openBytes(file, file.name)}
      />
      {drop && <Drop />}
    </>
  );
}

function Drop() {
  useFileDrop((file) => void openBytes(file, file.name));
  return null;
}
