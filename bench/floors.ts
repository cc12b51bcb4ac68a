/** What the benches' figures are held to: floors that must be reached, aims that are wished for. */

interface Mark {
  /** Keys from a bench's name to the figure in its result. */
  readonly path: readonly string[];
  readonly floor?: number;
  readonly aim?: number;
}

const MARKS: readonly Mark[] = [
  { path: ['training', 'FLAN-T5-small', 'shareOfSgemm'], floor: 0.55, aim: 0.7 },
  { path: ['training', 'FLAN-T5-small', 'asTrained', 'shareOfSgemm'], floor: 0.55, aim: 0.7 },
  { path: ['labelling', 'fp32', 'ratio'], floor: 0.95 },
  { path: ['labelling', 'int8', 'ratio'], floor: 0.95 },
  { path: ['labelling', 'q8', 'ratio'], floor: 0.95 },
  { path: ['workers', 'ratioByProcessorTime'], floor: 1.9 },
  // By the clock, two workers have two cores only where nobody else wants one.
  { path: ['workers', 'ratio'], aim: 1.9 },
  { path: ['pair', 'fp32', 'ratioByProcessorTime'], floor: 0.9 },
  { path: ['pair', 'q4', 'ratioByProcessorTime'], floor: 0.9 },
  // By the clock, busy cores gave 0.52 to 1.6: such a figure can be looked at, and can hold nothing.
  { path: ['pair', 'fp32', 'ratio'], aim: 0.95 },
  { path: ['pair', 'q4', 'ratio'], aim: 0.95 },
  { path: ['pair', 'fp32', 'browser', 'ratio'], aim: 0.95 },
  { path: ['pair', 'q4', 'browser', 'ratio'], aim: 0.95 },
  { path: ['peers', 'FLAN-T5-small', 'training', 'timesAsFast'], aim: 1.3 },
  { path: ['peers', 'FLAN-T5-small', 'inference', 'fp32', 'timesAsFast'], aim: 2 },
  { path: ['peers', 'FLAN-T5-small', 'inference', 'int8', 'timesAsFast'], aim: 2 },
];

export interface Verdict {
  readonly figure: string;
  readonly value: number;
  readonly met: boolean;
  /** Only a missed floor fails the run. */
  readonly isFloor: boolean;
  readonly text: string;
}

/** Marks whose figures are in the results; benches that did not run, or were skipped, say nothing. */
export function judge(results: Readonly<Record<string, unknown>>): Verdict[] {
  return MARKS.flatMap(({ path, floor, aim }) => {
    const value = path.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      results,
    );
    if (typeof value !== 'number') return [];
    const figure = path.join(' ');
    const verdict = (mark: number, isFloor: boolean): Verdict => {
      const met = value >= mark;
      const text = `${met ? 'reached' : 'MISSED '} ${isFloor ? 'floor' : 'aim  '} ${mark}: ${figure} ${value.toPrecision(3)}`;
      return { figure, value, met, isFloor, text };
    };
    return [
      ...(floor === undefined ? [] : [verdict(floor, true)]),
      ...(aim === undefined ? [] : [verdict(aim, false)]),
    ];
  });
}
