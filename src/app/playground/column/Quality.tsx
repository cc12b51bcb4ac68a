import { useQuality } from '../../../state/readings/selectors.ts';
import { type ColumnId, modelRunOf, type ShownColumn } from '../../../state/run/run.ts';
import { type Gain, useSettings } from '../../../state/settings.ts';
import { glossary } from '../../glossary.ts';
import { formatShare } from '../../ui/numbers.ts';
import { Popover } from '../../ui/Popover.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Term } from '../../ui/Term.tsx';
import { columnNames } from '../methods.ts';

const gains: readonly { readonly value: Gain; readonly label: string; readonly formula: string }[] = [
  { value: 'exponential', label: '2^grade − 1', formula: 'gain 2ᵍ−1' },
  { value: 'linear', label: 'grade', formula: 'linear gain' },
];

/** nDCG@1/5/10 of a column with what it rests on: the gain and how much of the list is judged. */
export function Quality({ id, column }: { readonly id: ColumnId; readonly column: ShownColumn }) {
  const quality = useQuality(column.run);
  const gain = useSettings((s) => s.gain);
  const setGain = useSettings((s) => s.setGain);
  const formula = gains.find((g) => g.value === gain)?.formula;
  // Before its first answer a model's column shows BM25's order: that is not its nDCG.
  const run = modelRunOf(column);
  const ranked = id === 'bm25' || (run !== null && run.asked + run.cached > 0);
  if (quality.shown === 0 || !ranked) return <div className="quality" />;
  const { cells, judged, shown } = quality;
  const graded = cells.some((cell) => cell.value !== undefined);
  return (
    <div className="quality">
      {graded ? (
        <>
          <Term id="ndcg">nDCG</Term>
          {cells.map((cell) => (
            <span key={cell.k}>
              @{cell.k} <strong>{cell.value === undefined ? '–' : formatShare(cell.value)}</strong>
            </span>
          ))}
        </>
      ) : (
        <span>{judged === 0 ? 'No grades yet' : 'No passage graded above 0'}</span>
      )}
      <Popover
        title="How nDCG is computed"
        className="quality-more"
        more={`how nDCG is computed, ${columnNames[id]}`}
        trigger={
          <>
            {judged}/{shown}
            <span className="quality-long"> judged</span>
            <span className="quality-gain"> · {formula}</span>
          </>
        }
      >
        <h3>nDCG</h3>
        <p>
          Each passage gives a gain by its grade, divided by log₂(rank + 1); the sum is divided by that of the
          best possible order of the judged passages.
        </p>
        <p>
          {glossary.judged[1]} So read it together with the judged share: {judged} of the {shown} shown.
        </p>
        <Segmented label="Gain" value={gain} options={gains} onChange={setGain} />
        <p className="muted">
          {glossary.gain[1]} trec_eval uses the grade itself; many papers use 2^grade − 1, which gives the
          best passages more weight.
        </p>
      </Popover>
    </div>
  );
}
