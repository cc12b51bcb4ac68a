/**
 * Replays a recording: the columns' runs are folded from their logs up to a moment, which moves on at the recorded
 * pace or a multiple of it. Both clocks begin together, whichever ran first. All times are the recorded ones.
 */

import { create } from 'zustand';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import { nextFrame, paced, paceFor, type Schedule } from '../run/frames.ts';
import { beginRun, type Column, type ModelRun, useRun } from '../run/run.ts';
import { RunLog } from '../run/run-log.ts';
import { type ShownRecording, useOpened } from './opened.ts';

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 10] as const;
export type Speed = (typeof SPEEDS)[number];

interface ReplayState {
  /** Recorded milliseconds since both runs began; null: not replaying, the recording is shown at its end. */
  readonly at: number | null;
  /** When the later of the two has ended. */
  readonly length: number;
  readonly playing: boolean;
  readonly speed: Speed;
}

export const useReplay = create<ReplayState>()(() => ({ at: null, length: 0, playing: false, speed: 1 }));

const MODELS = ['student', 'teacher'] as const;

/** A run folded up to a moment, and how many of its events that took. */
interface Folded {
  readonly events: readonly LogEvent[];
  run: ModelRun;
  taken: number;
}

let source: ShownRecording | null = null;
let folded: Partial<Record<(typeof MODELS)[number], Folded>> = {};
let playback = 0;

/** Recorded times of the runs' answers, in order; empty where nothing has times. */
export function answerTimes({ recording }: ShownRecording): number[] {
  const times = recording.runs
    .filter(({ timed }) => timed)
    .flatMap(({ events }) => events.flatMap(({ type, at }) => (isAnswer(type) ? [at] : [])));
  return [...new Set(times)].sort((a, b) => a - b);
}

const isAnswer = (type: LogEvent['type']): boolean =>
  type === 'scored' || type === 'decided' || type === 'compared' || type === 'listed';

/** Whether there is anything to replay: logs with times. */
export const canReplay = ({ recording }: ShownRecording): boolean =>
  recording.runs.some(({ timed, events }) => timed && events.length > 0);

/** Replays from the beginning, or goes on. `schedule` decides when the next picture is drawn. */
export function play(schedule?: Schedule, now: () => number = () => performance.now()): void {
  const { shown } = useOpened.getState();
  if (!shown || !canReplay(shown)) return;
  const { at, length } = useReplay.getState();
  if (at === null || at >= length) seek(0);
  useReplay.setState({ playing: true });
  const turn = ++playback;
  const draw = schedule ?? paced(nextFrame, () => paceFor(shown.recording.candidates.length));
  let before = now();
  const tick = (): void => {
    const state = useReplay.getState();
    if (turn !== playback || !state.playing || state.at === null) return;
    const time = now();
    const next = state.at + (time - before) * state.speed;
    before = time;
    seek(next);
    if (next >= state.length) useReplay.setState({ playing: false });
    else draw(tick);
  };
  draw(tick);
}

export function pause(): void {
  playback++;
  useReplay.setState({ playing: false });
}

export const setSpeed = (speed: Speed): void => useReplay.setState({ speed });

/** Stops, and goes to the next or the previous answer. */
export function step(direction: 1 | -1): void {
  const { shown } = useOpened.getState();
  if (!shown) return;
  pause();
  const times = answerTimes(shown);
  const { at, length } = useReplay.getState();
  const from = at ?? (direction > 0 ? -1 : length);
  // Back is to before the answer that came last.
  const next =
    direction > 0 ? times.find((time) => time > from) : times.filter((time) => time <= from).at(-2);
  seek(next ?? (direction > 0 ? length : 0));
}

const HALF_A_MICROSECOND = 0.0005;

/** Shows the moment `ms` after the beginning. */
export function seek(ms: number): void {
  const { shown } = useOpened.getState();
  if (!shown || !canReplay(shown)) return;
  if (source !== shown) {
    source = shown;
    folded = {};
  }
  const length = Math.max(0, ...shown.recording.runs.map(({ events }) => events.at(-1)?.at ?? 0));
  // Nearer to the end than times are written is the end: tenths of a length do not add up to it again.
  const at = length - ms < HALF_A_MICROSECOND ? length : Math.max(0, ms);
  const before = useReplay.getState().at;
  if (before === null || at < before) folded = {};
  useReplay.setState({ at, length });
  const { whole, opened } = shown;
  const columns = { ...whole.columns };
  const runs = { ...whole.runs };
  for (const id of MODELS) {
    const run = opened.runs[id];
    const timed = shown.recording.runs.find(({ column }) => column === id)?.timed;
    if (!run || !timed) continue;
    const fold = folded[id] ?? beginFold(run);
    folded[id] = fold;
    takeUntil(fold, at);
    const ended = fold.taken === fold.events.length;
    runs[fold.run.id] = ended ? fold.run : { ...fold.run, ms: at };
    const column: Column = { ...whole.columns[id], shows: fold.run.id };
    columns[id] = ended ? column : { ...column, state: 'running', phase: 'scoring' };
  }
  useRun.setState({ columns, runs });
}

function beginFold(run: ModelRun): Folded {
  const { set, method, fusion, trueProbabilities, raced, template, info } = run;
  const empty = beginRun({
    id: `${run.id}/replay`,
    set,
    inputKey: '',
    method,
    fusion,
    trueProbabilities,
    raced,
    ...givenChoices(run),
    log: new RunLog(),
  });
  return { events: run.log.from(0), run: { ...empty, template, info }, taken: 0 };
}

function takeUntil(fold: Folded, at: number): void {
  let end = fold.taken;
  while (end < fold.events.length && fold.events[end]!.at <= at) end++;
  if (end === fold.taken) return;
  const events = fold.events.slice(fold.taken, end);
  fold.run.log.append(events);
  fold.run = applyEvents(fold.run, events);
  fold.taken = end;
}

/** Shows the recording at its end again. */
export function endReplay(): void {
  pause();
  folded = {};
  source = null;
  useReplay.setState({ at: null });
  const { shown } = useOpened.getState();
  if (shown) useRun.setState(shown.whole);
}

/** A replay ends with its recording, or when another query of the file is shown. Returns the way to stop. */
export function watchReplay(): () => void {
  return useOpened.subscribe((now, before) => {
    if (now.shown === before.shown || useReplay.getState().at === null) return;
    pause();
    folded = {};
    source = null;
    useReplay.setState({ at: null });
  });
}
