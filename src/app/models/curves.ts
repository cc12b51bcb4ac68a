/** The curves that a card states, as charts: the loss, and measures that share an axis together. */
import type { Provenance, ValidationPoint } from '../../inference/ranker-card.ts';
import type { Curve } from './chart/curve.ts';

/** Measures by chart; what is not among them gets a chart of its own. */
const CHARTS: readonly (readonly [title: string, measures: Readonly<Record<string, string>>])[] = [
  ['nDCG@10 on validation queries', { ndcg10: 'Pointwise', prpNdcg10: 'PRP', bm25: 'BM25' }],
  ['Agreement with the teacher', { teacherAgreement: 'Pairs ordered alike', kendallTau: 'Kendall’s τ' }],
  ['Accuracy on judged pairs', { accuracy: 'Pointwise', pairAccuracy: 'PRP' }],
  ['Pairs whose two orders name the same winner', { bothOrdersAgree: 'Share' }],
];

/** A count, not a measure. */
const QUERIES = 'queries';

export function lossCurve({ lossCurve: points = [] }: Provenance): Curve | undefined {
  if (points.length === 0) return undefined;
  return {
    title: 'Training loss',
    series: ['Loss'],
    rows: points.map(([step, loss]) => ({ step, values: [loss] })),
  };
}

export function validationCurves({ validation = [] }: Provenance): Curve[] {
  const known = new Set(CHARTS.flatMap(([, measures]) => Object.keys(measures)));
  const others = new Set(validation.flatMap(({ values }) => Object.keys(values)));
  for (const name of [QUERIES, ...known]) others.delete(name);
  return [
    ...CHARTS.map(([title, measures]) => curve(title, measures, validation)),
    ...[...others].map((name) => curve(`${name} on validation queries`, { [name]: name }, validation)),
  ].filter(({ rows }) => rows.length > 0);
}

/** Only points and series that have a value. */
function curve(
  title: string,
  measures: Readonly<Record<string, string>>,
  points: readonly ValidationPoint[],
): Curve {
  const names = Object.keys(measures).filter((name) => points.some(({ values }) => name in values));
  return {
    title,
    series: names.map((name) => measures[name]!),
    rows: points
      .filter(({ values }) => names.some((name) => name in values))
      .map(({ step, stage, values }) => ({
        step,
        ...(stage === undefined ? {} : { stage }),
        values: names.map((name) => values[name]),
      })),
  };
}
