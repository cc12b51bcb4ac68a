import { useSettings } from '../../../state/settings.ts';
import { NumberField } from '../../ui/NumberField.tsx';

/** Parameters of the first stage, folded away: the defaults are the literature's. */
export function Bm25Fields() {
  const { bm25, setBm25, fill, setFill } = useSettings();
  return (
    <details className="bm25">
      <summary>BM25 parameters</summary>
      <div className="bm25-fields">
        <div className="field-row">
          <NumberField
            label="k1"
            value={bm25.k1}
            min={0}
            max={10}
            step={0.1}
            onChange={(k1) => setBm25({ k1 })}
          />
          <NumberField
            label="b"
            value={bm25.b}
            min={0}
            max={1}
            step={0.05}
            onChange={(b) => setBm25({ b })}
          />
          <NumberField
            label="delta"
            value={bm25.delta}
            min={0}
            max={5}
            step={0.1}
            onChange={(delta) => setBm25({ delta })}
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={bm25.stopWords}
            onChange={(event) => setBm25({ stopWords: event.target.checked })}
          />
          Leave out English stop-words
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={bm25.stemming === 'english'}
            onChange={(event) => setBm25({ stemming: event.target.checked ? 'english' : 'none' })}
          />
          Stem English words (deduct → deductible)
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={bm25.fold}
            onChange={(event) => setBm25({ fold: event.target.checked })}
          />
          Fold case and accents (É → e)
        </label>
        <label className="check">
          <input type="checkbox" checked={fill} onChange={(event) => setFill(event.target.checked)} />
          Fill up with passages that share no word
        </label>
      </div>
    </details>
  );
}
