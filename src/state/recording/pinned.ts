/** Runs that were pinned, to be compared with later ones of the same query. They outlive the page (saved/kept-pins.ts). */
import { create } from 'zustand';
import { type ComparedRun, compareRuns, type RunComparison } from '../../analysis/compare-runs.ts';
import type { RecordedRun, Recording } from '../../formats/recording/recording.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { progressAt } from '../../ranking/progress/apply-events.ts';
import { conditions } from '../readings/speed-up.ts';

export interface Pin {
  readonly id: number;
  readonly recording: Recording;
}

export const MOST_PINS = 8;

let next = 1;

export const usePinned = create<{ readonly pins: readonly Pin[] }>()(() => ({ pins: [] }));

/** Keeps a run; the oldest makes room. */
export function pin(recording: Recording): void {
  usePinned.setState(({ pins }) => ({ pins: [...pins, { id: next++, recording }].slice(-MOST_PINS) }));
}

/** Those of the last visit, before what was pinned since. */
export function restorePins(recordings: readonly Recording[]): void {
  const restored = recordings.map((recording) => ({ id: next++, recording }));
  usePinned.setState(({ pins }) => ({ pins: [...restored, ...pins].slice(-MOST_PINS) }));
}

/** Lets go of all; what is given back brings them back, before what was pinned since. */
export function clearPins(): () => void {
  const { pins } = usePinned.getState();
  usePinned.setState({ pins: [] });
  return () => usePinned.setState((now) => ({ pins: [...pins, ...now.pins].slice(-MOST_PINS) }));
}

export const unpin = (id: number): void =>
  usePinned.setState(({ pins }) => ({ pins: pins.filter((one) => one.id !== id) }));

/** What a run cost. */
export interface RunCost {
  readonly asked: number;
  readonly cached: number;
  readonly tokens: number;
  /** Wall seconds; null where answers came from the cache, whose look-up is not the work. */
  readonly seconds: number | null;
}

/** A column's two runs, and what differs. */
export interface PinnedComparison {
  readonly column: RecordedRun['column'];
  readonly before: { readonly what: string; readonly cost: RunCost };
  readonly after: { readonly what: string; readonly cost: RunCost };
  /** The same method with the same prompt: only then are scores and logits of one kind. */
  readonly sameQuestion: boolean;
  readonly comparison: RunComparison;
}

/** Compares what the columns show with a pinned run, column by column. Empty where they are of different queries. */
export function comparePinned(before: Recording, after: Recording): PinnedComparison[] {
  if (before.query.text !== after.query.text) return [];
  return (['student', 'teacher'] as const).flatMap((column) => {
    const [old, now] = [before, after].map(({ runs }) => runs.find((run) => run.column === column));
    if (!old || !now || old.kind !== now.kind) return [];
    return [
      {
        column,
        before: { what: describe(old), cost: costOf(old, before) },
        after: { what: describe(now), cost: costOf(now, after) },
        sameQuestion:
          old.template?.text === now.template?.text &&
          (old.kind === 'comparing' || old.method === now.method),
        comparison: compareRuns(comparedRun(old, before), comparedRun(now, after)),
      },
    ];
  });
}

function describe({ method, template, checkpoint, passes, top, budget }: RecordedRun): string {
  const passesText = passes === undefined ? '' : `, ${passes} passes`;
  return [
    `${methodNamed(method).title}${passesText}${top === undefined ? '' : `, k = ${top}`}${budget === undefined ? '' : `, up to ${budget} calls`}`,
    checkpoint?.name,
    template && `“${template.name}”`,
    checkpoint && conditions(checkpoint),
  ]
    .filter(Boolean)
    .join(' · ');
}

function costOf({ kind, events, timed }: RecordedRun, { candidates }: Recording): RunCost {
  const { asked, cached, tokens, ms, earlierMs } = progressAt(kind, candidates.length, events);
  return { asked, cached, tokens, seconds: timed && cached === 0 ? (ms - earlierMs) / 1000 : null };
}

function comparedRun({ kind, events }: RecordedRun, { candidates }: Recording): ComparedRun {
  const progress = progressAt(kind, candidates.length, events);
  return {
    ids: candidates.map(({ passage }) => passage.id),
    order: progress.order,
    decisions: progress.kind === 'comparing' ? progress.matrix.list() : [],
    scored: progress.kind === 'pointwise' ? progress.scored.filter((one) => one !== undefined) : [],
  };
}

/** How a pin is called, by what made its teacher's run, or its student's. */
export function pinName({ recording: { runs } }: Pin): string {
  const run = runs.find(({ column }) => column === 'teacher') ?? runs[0];
  return run ? describe(run) : 'BM25';
}
