import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import { LineChart } from './chart/LineChart.tsx';
import { lossCurve, validationCurves } from './curves.ts';

/** How training went: its loss, and what was measured on queries that it did not see. */
export function Curves({ card }: { readonly card: RankerCard }) {
  const loss = lossCurve(card.provenance);
  const validation = validationCurves(card.provenance);
  const missing = [loss ? '' : 'training loss', validation.length > 0 ? '' : 'validation'].filter(Boolean);
  return (
    <section>
      <h4 className="card-label">Training</h4>
      <div className="charts">
        {[...(loss ? [loss] : []), ...validation].map((curve) => (
          <LineChart key={curve.title} curve={curve} of={card.name} />
        ))}
      </div>
      {missing.length > 0 && <p className="muted">This card states no {missing.join(' or ')} curve.</p>}
    </section>
  );
}
