import { type ClipboardEvent, useRef, useState } from 'react';
import {
  type CorpusSource,
  EXCERPT_LENGTH,
  MAX_TEXT_BYTES,
  useCorpus,
} from '../../../state/corpus/corpus.ts';
import { isRecordingName, openBytes } from '../../../state/recording/opened.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { Field } from '../../ui/Field.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { formatBytes } from '../../ui/numbers.ts';
import { CorpusStatus } from './CorpusStatus.tsx';
import { useFileDrop } from './useFileDrop.ts';

/** The passages: typed, pasted, dropped or opened. A large source stays outside the box, which shows its start. */
export function CorpusField() {
  const { boxText, boxReadOnly, source, setText, setFile, clear } = useCorpus();
  const picker = useRef<HTMLInputElement>(null);
  // A modal list of problems is for what arrives whole; while somebody types, a line below is enough.
  const [arrived, setArrived] = useState(false);

  const take = (file: File) => {
    if (isRecordingName(file.name)) {
      void openBytes(file, file.name);
      return;
    }
    setArrived(true);
    setFile(file);
  };
  const dragging = useFileDrop(take);

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    setArrived(true);
    const pasted = event.clipboardData.getData('text/plain');
    if (pasted.length * 3 <= MAX_TEXT_BYTES) return;
    // A big paste never enters the text box: laying it out would freeze the page.
    event.preventDefault();
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    setText(boxReadOnly ? pasted : value.slice(0, selectionStart) + pasted + value.slice(selectionEnd));
  };

  return (
    <div className="corpus">
      <Field
        label="Corpus"
        aside={
          <Button kind="link" onClick={() => picker.current?.click()}>
            Open file
          </Button>
        }
      >
        {(ids) => (
          <textarea
            {...ids}
            className={classes('input corpus-box', dragging && 'corpus-drop')}
            value={boxText}
            readOnly={boxReadOnly}
            spellCheck={false}
            autoComplete="off"
            placeholder="Paste passages, one per line or separated by blank lines, or drop a file."
            onPaste={onPaste}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              // A paste is over with the next key typed.
              if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) setArrived(false);
            }}
          />
        )}
      </Field>
      <FilePicker
        ref={picker}
        accept=".txt,.text,.md,.csv,.tsv,.tab,.jsonl,.ndjson,.json,.gz,text/*,application/json,application/gzip"
        take={([file]) => file && take(file)}
      />
      <SourceHint source={source} readOnly={boxReadOnly} clear={clear} />
      <CorpusStatus arrived={arrived} />
    </div>
  );
}

/** Where the text in the box comes from, and whether it can be edited there. */
function SourceHint({
  source,
  readOnly,
  clear,
}: {
  readonly source: CorpusSource;
  readonly readOnly: boolean;
  readonly clear: () => void;
}) {
  const name = 'name' in source ? source.name : undefined;
  if (name === undefined && !('blob' in source)) return null;
  return (
    <p className="field-hint">
      {name === undefined ? 'A large paste' : <span className="corpus-name">{name}</span>}
      {'size' in source && ` (${formatBytes(source.size)})`}
      {readOnly && 'excerpt' in source && source.excerpt.length < EXCERPT_LENGTH
        ? '; the box shows the part that could be read. '
        : readOnly
          ? `; the box shows its start. Up to ${formatBytes(MAX_TEXT_BYTES)} can be edited here. `
          : source.kind === 'file'
            ? '; you can edit it here, but the file itself stays as it is. '
            : ', edited here; the file itself stays as it is. '}
      <Button kind="link" onClick={clear}>
        Empty the box
      </Button>
    </p>
  );
}
