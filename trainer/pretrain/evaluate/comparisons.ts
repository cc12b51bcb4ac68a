/** The methods of the held-out table, and which of them are compared in pairs over the same queries. */
import { kendallTau } from '../../../src/evaluation/correlation.ts';
import { pairedDifference } from '../../../src/evaluation/significance.ts';

export const METHODS = {
  random: 'random order',
  bm25: 'BM25',
  relevance: 'base, relevance (Yes − No)',
  supervised: 'supervised pointwise (Yes − No trained on lists)',
  teacher: 'base as teacher, PRP',
  teacherAtRandom: 'base as teacher, PRP, undecided at random',
  heapsort: 'base as teacher, heapsort',
  heapsortAtRandom: 'base as teacher, heapsort, undecided at random',
  student: 'student',
  fused: 'student fused with BM25',
} as const;

export type Method = keyof typeof METHODS;

export const NAMES = Object.keys(METHODS) as Method[];

/** Which differences are reported: a method against another. A row of the card shows its first. */
export const COMPARISONS: readonly (readonly [Method, Method])[] = [
  ['relevance', 'bm25'],
  ['teacher', 'bm25'],
  ['student', 'bm25'],
  ['fused', 'bm25'],
  ['supervised', 'bm25'],
  ['teacher', 'random'],
  ['student', 'random'],
  ['teacher', 'relevance'],
  ['teacherAtRandom', 'teacher'],
  ['heapsort', 'teacher'],
  ['heapsortAtRandom', 'heapsort'],
  ['heapsortAtRandom', 'teacher'],
  ['student', 'teacher'],
  ['student', 'relevance'],
  ['student', 'supervised'],
  ['fused', 'student'],
];

export interface Difference {
  readonly method: string;
  readonly against: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A figure of each query by method, in the set's order; of methods that ranked. */
export type PerQuery = Readonly<Partial<Record<Method, readonly number[]>>>;

export function perMethod(of: (method: Method) => readonly number[] | undefined): PerQuery {
  return Object.fromEntries(
    NAMES.flatMap((method) => {
      const found = of(method);
      return found ? [[method, found]] : [];
    }),
  );
}

/** Kendall's τ of every method's order to the teacher's, query by query. */
export function taus(orders: ReadonlyMap<Method, readonly (readonly number[])[]>): PerQuery {
  const teacher = orders.get('teacher')!;
  const names = (order: readonly number[]) => order.map(String);
  return Object.fromEntries(
    [...orders]
      .filter(([method]) => method !== 'teacher')
      .map(([method, own]) => [
        method,
        own.flatMap((order, q) => {
          const tau = kendallTau(names(order), names(teacher[q]!));
          return tau === undefined ? [] : [round(tau)];
        }),
      ]),
  );
}

export function compareTaus(tauPerQuery: PerQuery): Difference[] {
  const { student } = tauPerQuery;
  if (!student) return [];
  return (['relevance', 'supervised', 'bm25'] as const).flatMap((against) => {
    const other = tauPerQuery[against];
    return other ? [difference('student', against, student, other)] : [];
  });
}

/** Paired differences of all comparisons over the same queries. */
export function compare(perQuery: PerQuery): Difference[] {
  return COMPARISONS.flatMap(([method, against]) => {
    const [values, others] = [perQuery[method], perQuery[against]];
    return values && others && values.length === others.length
      ? [difference(method, against, values, others)]
      : [];
  });
}

function difference(
  method: Method,
  against: Method,
  values: readonly number[],
  others: readonly number[],
): Difference {
  const { mean, low, high } = pairedDifference(values, others);
  return {
    method: METHODS[method],
    against: METHODS[against],
    mean: round(mean),
    low: round(low),
    high: round(high),
  };
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const round = (value: number) => Math.round(value * 1e4) / 1e4;
