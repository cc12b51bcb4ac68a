import { messageOf } from '../../errors.ts';
import { writeRankingCsv, writeRankingMarkdown } from '../../formats/ranking-table.ts';
import { notify } from '../../state/notices.ts';
import { playground } from '../../state/playground.ts';
import { useRun } from '../../state/run/run.ts';
import { saveRecording } from '../recording/save-recording.ts';
import { download } from '../ui/download.ts';
import { MenuButton } from '../ui/MenuButton.tsx';

function save(name: string, type: string, make: () => string): void {
  try {
    download(name, type, make());
  } catch (error) {
    notify('error', `The export failed: ${messageOf(error)}`);
  }
}

/** Writes what the columns hold now, also of a run that was cancelled half way. */
export function ExportMenu() {
  const nothing = useRun((s) => Object.values(s.columns).every((column) => column.state === 'idle'));
  const items = [
    {
      label: 'TREC run',
      onSelect: () => save('rankscope.run.txt', 'text/plain', playground.trecRun),
    },
    {
      label: 'Decisions (JSON)',
      onSelect: () => save('rankscope-decisions.json', 'application/json', playground.decisionsJson),
    },
    {
      label: 'Table (CSV)',
      onSelect: () => save('rankscope.csv', 'text/csv', () => writeRankingCsv(playground.shared())),
    },
    {
      label: 'Table (Markdown)',
      onSelect: () => save('rankscope.md', 'text/markdown', () => writeRankingMarkdown(playground.shared())),
    },
    { label: 'Recording', onSelect: () => void saveRecording() },
  ];
  return (
    <MenuButton
      label="Export"
      className="button button-small"
      items={items.map((item) => ({ ...item, disabled: nothing }))}
    />
  );
}
