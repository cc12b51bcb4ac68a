import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openRecordings } from '../../formats/recording/open.ts';
import { openRecording } from '../run/recorded.ts';
import { type Columns, idleColumn } from '../run/run.ts';
import { speedUp } from './speed-up.ts';

const [recording] = openRecordings(
  readFileSync(new URL('../../../public/samples/recordings/town.rankscope.json.gz', import.meta.url)),
  'town',
);

it('shows no time of a recording that has none, as labels are', () => {
  const runs = recording!.runs
    .filter(({ column }) => column === 'teacher')
    .map((run) => ({
      ...run,
      timed: false,
      events: run.events.filter(({ type }) => type !== 'done').map((event) => ({ ...event, at: 0 })),
    }));
  const opened = openRecording({ ...recording!, runs });
  const teacher = opened.runs.teacher!;
  expect(teacher.asked).toBe(90);
  const columns: Columns = {
    columns: {
      bm25: idleColumn,
      student: idleColumn,
      teacher: { ...idleColumn, state: 'done', shows: teacher.id },
    },
    runs: { [teacher.id]: teacher },
  };
  expect(speedUp(columns)).toEqual({ kind: 'hidden', reason: 'This recording holds no times.' });
});
