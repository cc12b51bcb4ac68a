import { useCallback, useMemo, useState } from 'react';
import { columnNamed } from '../../evaluation/table/columns.ts';
import { evaluationTable } from '../../evaluation/table/table.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { type PaperPoint, paperPoints, usePresets } from '../../state/evaluate/presets.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { type Plot, PlotFigure } from '../inspector/pictures/PlotFigure.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { type CostPoint, paretoFront } from './contrasts.ts';
import { costPlot } from './drawings.ts';
import { accentOf } from './ResultsTable.tsx';
import { valueText } from './words.ts';

const AXES = [
  { value: 'median', label: 'Seconds' },
  { value: 'flops', label: 'FLOPs' },
] as const;

/** How good each row is against what it costs: the shape of the paper's Figure 1. */
export function CostPicture({ shown }: { readonly shown: ShownEvaluation }) {
  const [axis, setAxis] = useState<'median' | 'flops'>('median');
  const compared = useEvaluate((s) => s.shown.compared);
  const recipe = useEvaluate((s) => s.recipe);
  const judged = useCollection((s) => s.qrels.size > 0);
  const {
    rows,
    table: { even },
  } = shown;
  const { points, ceiling } = useMemo(() => {
    const table = evaluationTable({
      rows,
      columns: [compared, axis],
      judged,
      reference: null,
      compared,
      comparisons: new Map(),
    });
    const all = table.rows.map((row) => ({ ...row, value: row.cells[0]!.value, cost: row.cells[1]!.value }));
    return {
      points: all.flatMap(({ id, name, letter, kind, value, cost }) =>
        value !== null && cost !== null && cost > 0
          ? [{ id, name, letter, value, cost, accent: accentOf({ id, kind }, recipe) }]
          : [],
      ),
      ceiling: all.find(({ kind }) => kind === 'ceiling')?.value ?? null,
    };
  }, [rows, compared, axis, judged, recipe]);
  // Means over different queries cannot be held against each other.
  const front = useMemo(() => (even ? paretoFront(points) : []), [points, even]);
  const paper = usePaper(axis, compared);
  const measure = columnNamed(compared)?.heading ?? compared;
  const unit =
    axis === 'median' ? 'seconds a query (median, logarithmic)' : 'estimated FLOPs a query (logarithmic)';
  const draw = useCallback(
    (plot: Plot, width: number) =>
      costPlot(plot, Math.min(width, 760), points, front, {
        x: unit,
        y: measure,
        ceiling,
        paper: paper.points,
      }),
    [points, front, unit, measure, ceiling, paper],
  );
  if (!judged || rows.every(({ kind }) => kind !== 'method')) return null;
  const style = axis === 'median' ? 'seconds' : 'operations';
  return (
    <section className="evaluate-cost" aria-label="Effectiveness against cost">
      <Segmented label="Cost" value={axis} options={AXES} onChange={setAxis} className="evaluate-axis" />
      {points.length < 2 ? (
        <p className="muted">
          {axis === 'flops'
            ? 'The operations of these rows are not known.'
            : 'There is nothing to compare yet.'}
        </p>
      ) : (
        <PlotFigure
          title={`${measure} against ${axis === 'median' ? 'seconds' : 'FLOPs'}`}
          name="effectiveness-cost"
          summary={`${even ? frontInWords(front, measure) : 'Rows have different queries so far: no line is drawn.'}${paper.words}`}
          draw={draw}
          figures={{
            head: ['Row', measure, axis === 'median' ? 'Median a query' : 'FLOPs a query', 'On the line'],
            rows: [
              ...points.map((point) => [
                `${point.letter} ${point.name}`,
                valueText(point.value, 'share'),
                valueText(point.cost, style),
                front.some(({ id }) => id === point.id) ? 'yes' : 'no',
              ]),
              ...paper.points.map(({ name, value, cost }) => [
                `${name} (paper)`,
                valueText(value, 'share'),
                valueText(cost, style),
                '–',
              ]),
            ],
          }}
        />
      )}
    </section>
  );
}

const NO_PAPER: { readonly points: readonly PaperPoint[]; readonly words: string } = {
  points: [],
  words: '',
};

/** What the chosen preset's paper prints of the same measure against seconds. */
function usePaper(axis: (typeof AXES)[number]['value'], measure: string): typeof NO_PAPER {
  const chosen = useEvaluate((s) => s.shown.preset);
  const file = usePresets((s) => s.file);
  return useMemo(() => {
    const preset = file?.presets.find(({ id }) => id === chosen?.id);
    const points = preset && chosen && axis === 'median' ? paperPoints(preset, chosen.set, measure) : [];
    if (!file || !preset || points.length === 0) return NO_PAPER;
    return { points, words: ` Grey rings: ${file.source.authors}, ${preset.name}, on their machines.` };
  }, [axis, chosen, file, measure]);
}

function frontInWords(front: readonly CostPoint[], measure: string): string {
  const names = front.map(({ name }) => name);
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
  return `On the line (the Pareto front): ${list}. Every other row costs at least as much as one of these and is no better in ${measure}.`;
}
