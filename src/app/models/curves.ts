/** The curves that a card states, as charts: the loss, and measures that share an axis together. */
import type { Provenance, ValidationPoint } from '../../checkpoint/ranker-card.ts';
import type { Curve, CurveStage } from './chart/curve.ts';

/** Measures by chart; what is not among them gets a chart of its own. */
const CHARTS: readonly (readonly [title: string, measures: Readonly<Record<string, string>>])[] = [
  [
    'nDCG@10 on validation queries',
    { ndcg10: 'Pointwise', deepNdcg10: 'Pointwise, long lists', prpNdcg10: 'PRP', bm25: 'BM25' },
  ],
  ['Agreement with the teacher', { teacherAgreement: 'Pairs ordered alike', kendallTau: 'Kendall’s τ' }],
  ['Accuracy on judged pairs', { accuracy: 'Pointwise', pairAccuracy: 'PRP' }],
  ['Loss on validation queries', { loss: 'Loss' }],
  ['Pairs whose two orders name the same winner', { bothOrdersAgree: 'Share' }],
];

/** A count, not a measure. */
const QUERIES = 'queries';

/** Stages and the steps before each: as the card lists them, or else as its validation names them. */
function stagesOf({ stages, validation = [] }: Provenance): CurveStage[] {
  if (stages) {
    let before = 0;
    return stages.map(({ name, steps }) => {
      const from = before;
      before += steps;
      return { name, from };
    });
  }
  return validation.flatMap(({ stage }, i) => {
    const last = validation[i - 1];
    return stage === undefined || stage === last?.stage ? [] : [{ name: stage, from: last?.step ?? 0 }];
  });
}

/** Its line is broken between stages: they may have different losses. */
export function lossCurve(provenance: Provenance): Curve | undefined {
  const { lossCurve: points = [] } = provenance;
  if (points.length === 0) return undefined;
  const stages = stagesOf(provenance);
  const stageAt = (step: number) => stages.findLast(({ from }) => from < step) ?? stages[0];
  return {
    title: 'Training loss',
    series: ['Loss'],
    stages,
    parted: true,
    rows: points.map(([step, loss]) => {
      const stage = stages.length > 1 ? stageAt(step)?.name : undefined;
      return { step, stage, values: [loss] };
    }),
  };
}

export function validationCurves(provenance: Provenance): Curve[] {
  const { validation = [] } = provenance;
  const stages = stagesOf(provenance);
  const known = new Set(CHARTS.flatMap(([, measures]) => Object.keys(measures)));
  const others = new Set(validation.flatMap(({ values }) => Object.keys(values)));
  for (const name of [QUERIES, ...known]) others.delete(name);
  return [
    ...CHARTS.map(([title, measures]) => curve(title, measures, validation)),
    ...[...others].map((name) => curve(`${name} on validation queries`, { [name]: name }, validation)),
  ]
    .filter(({ rows }) => rows.length > 0)
    .map((one) => ({ ...one, stages }));
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
        stage,
        values: names.map((name) => values[name]),
      })),
  };
}
