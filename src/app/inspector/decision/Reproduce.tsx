import { useMemo } from 'react';
import { reproductionOf } from '../../../state/inspector/reproduce.ts';
import { useModels } from '../../../state/models/models.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { CopyButton } from '../../playground/CopyButton.tsx';
import { Button } from '../../ui/Button.tsx';
import { download } from '../../ui/download.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useDecider } from './Decider.tsx';

/** The command line that makes a decision again, and the files that it reads. */
export function Reproduce({
  run,
  pair,
}: {
  readonly run: ComparingRun;
  readonly pair: readonly [number, number];
}) {
  const catalog = useModels((s) => s.catalog);
  const { same, card } = useDecider('teacher', run);
  const [a, b] = pair;
  const made = useMemo(
    () => reproductionOf(run, [a, b], catalog ?? [], same ? card?.templates : []),
    [run, a, b, catalog, same, card],
  );
  if (!made) return null;
  const { command, files, notes } = made;
  return (
    <details className="reproduce">
      <summary>Reproduce on the command line</summary>
      <p className="muted">
        Both orders again, with the checkpoint, dtype and template of this run. Save{' '}
        {files.length === 1 ? 'the file' : 'the files'} in the project’s folder and run it there.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a narrow screen. */}
      <pre className="reproduce-command mono" tabIndex={0}>
        {command}
      </pre>
      <p className="reproduce-buttons">
        <CopyButton
          text={command}
          name="Copy command"
          failed="The browser did not allow copying. Select the command and copy it."
        >
          Copy command
        </CopyButton>
        {files.map(({ name, text }) => (
          <Button key={name} small onClick={() => download(name, 'application/json', text)}>
            <Icon name="download" size={13} /> Save {name}
          </Button>
        ))}
      </p>
      {notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
    </details>
  );
}
