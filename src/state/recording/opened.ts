/**
 * A recording that is looked at: it stands in the columns in the place of the user's own work, which is set aside and
 * comes back unchanged. Nothing of it is kept, and nothing is asked of a model.
 */
import { create } from 'zustand';
import { toErrorData } from '../../errors.ts';
import { MOST_BYTES } from '../../formats/recording/bounds.ts';
import type { RecordingSummary } from '../../formats/recording/open.ts';
import type { Recording } from '../../formats/recording/recording.ts';
import { openRecordingFile, type RecordingFile } from '../../workers/recording-client.ts';
import { initialInspector, useInspector } from '../inspector/inspected.ts';
import { notify } from '../notices.ts';
import { type OpenedRecording, openRecording } from '../run/recorded.ts';
import { type Column, type Columns, idleColumn, ownColumns, useRun } from '../run/run.ts';

/** Where it came from. */
export type RecordingOrigin = 'file' | 'link' | 'sample' | 'pinned' | 'evaluation';

export interface ShownRecording {
  readonly recording: Recording;
  readonly opened: OpenedRecording;
  /** The columns as they are at its end. */
  readonly whole: Columns;
}

interface OpenedState {
  readonly name: string;
  readonly origin: RecordingOrigin;
  /** What the file holds, worst first. */
  readonly list: readonly RecordingSummary[];
  /** Position in `list` of what is shown. */
  readonly at: number;
  /** null: none is open. */
  readonly shown: ShownRecording | null;
  /** Name of the file that is being read; null while none is. */
  readonly reading: string | null;
}

export const initialOpened: OpenedState = {
  name: '',
  origin: 'file',
  list: [],
  at: 0,
  shown: null,
  reading: null,
};

export const useOpened = create<OpenedState>()(() => initialOpened);

let file: RecordingFile | undefined;
/** A file that was chosen later wins over one that is still being read. */
let latest = 0;

/** What the tests have in the place of a worker. */
export type OpenFile = typeof openRecordingFile;

/** Opens a file's bytes; what is wrong with them is said in a notice, and all stays as it is. True where it is shown. */
export async function openBytes(
  bytes: Blob | Uint8Array,
  name: string,
  origin: RecordingOrigin = 'file',
  open: OpenFile = openRecordingFile,
): Promise<boolean> {
  const turn = ++latest;
  const current = (): boolean => turn === latest;
  let read: RecordingFile | undefined;
  useOpened.setState({ reading: name });
  try {
    const size = bytes instanceof Blob ? bytes.size : bytes.byteLength;
    if (size > MOST_BYTES) {
      throw new Error(`${name} is too large to be opened: up to ${MOST_BYTES / 1024 / 1024} MB can be read.`);
    }
    read = await open(bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes, name);
    const recording = await read.get(read.list[0]!.index);
    if (!current()) return false;
    if (useRun.getState().active) {
      throw new Error('A ranking is running. Cancel it or wait for its end, then open the recording.');
    }
    file?.close();
    file = read;
    useOpened.setState({ name, origin, list: read.list, at: 0 });
    show(recording);
    read = undefined;
    return true;
  } catch (error) {
    if (current()) notify('error', `${toErrorData(error).message} Nothing was changed.`);
    return false;
  } finally {
    read?.close();
    if (current()) useOpened.setState({ reading: null });
  }
}

/** Opens the recording that is shipped with a sample. */
export async function openSampleRecording(id: string, title: string): Promise<void> {
  const path = `samples/recordings/${id}.rankscope.json.gz`;
  try {
    const answer = await fetch(new URL(path, document.baseURI));
    if (!answer.ok) throw new Error(`${path} could not be fetched (${answer.status}).`);
    await openBytes(await answer.blob(), title, 'sample');
  } catch (error) {
    notify('error', `The recorded run could not be opened: ${toErrorData(error).message}`);
  }
}

/** Shows another query of the file, by its position in the list. */
export async function showQuery(at: number): Promise<void> {
  const summary = useOpened.getState().list[at];
  if (!file || !summary) return;
  const turn = ++latest;
  useOpened.setState({ at });
  try {
    const recording = await file.get(summary.index);
    if (turn === latest && useOpened.getState().shown) show(recording);
  } catch (error) {
    notify('error', toErrorData(error).message);
  }
}

/** Closes the recording and puts the user's own columns back. */
export function backToWork(): void {
  if (!useOpened.getState().shown) return;
  latest++;
  file?.close();
  file = undefined;
  useOpened.setState(initialOpened);
  useInspector.setState({ pointed: null, fact: null, opened: null });
  useRun.setState((state) => ({ ...ownColumns(state), aside: null }));
}

function show(recording: Recording): void {
  const opened = openRecording(recording);
  const whole = columnsOf(recording, opened);
  useOpened.setState({ shown: { recording, opened, whole } });
  const { drawer, orderBy } = useInspector.getState();
  useInspector.setState({ ...initialInspector, drawer, orderBy });
  useRun.setState((state) => ({ ...whole, aside: ownColumns(state), message: null }));
}

/** Recorded runs in their columns, as they ended. */
function columnsOf(recording: Recording, { firstStage, runs }: OpenedRecording): Columns {
  const none: Column = { ...idleColumn, explanation: 'This recording has no ranking here.' };
  const column = (id: 'student' | 'teacher'): Column => {
    const run = runs[id];
    const state = recording.runs.find((one) => one.column === id)?.state;
    if (!run) return none;
    // What was running or had failed when it was written goes no further here.
    return { ...idleColumn, state: state === 'done' ? 'done' : 'cancelled', shows: run.id };
  };
  const all = [firstStage, runs.student, runs.teacher].filter((run) => run !== undefined);
  return {
    columns: {
      bm25: { ...idleColumn, state: 'done', shows: firstStage.id },
      student: column('student'),
      teacher: column('teacher'),
    },
    runs: Object.fromEntries(all.map((run) => [run.id, run])),
  };
}

/** What is exported: the columns as they are, of a recording as they were at its end, whatever moment is replayed. */
export const wholeColumns = (): Columns => useOpened.getState().shown?.whole ?? useRun.getState();

/** A name that our own files of recordings have. */
export const isRecordingName = (name: string): boolean =>
  /\.rankscope\.jsonl?(\.gz)?$/i.test(name) || /^rankscope-decisions.*\.jsonl?$/i.test(name);
