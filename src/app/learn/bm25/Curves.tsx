import { inverseDocumentFrequency } from '../../../retrieval/formula.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { CurveChart } from '../frame/CurveChart.tsx';
import { Formula } from '../frame/Formula.tsx';
import { Handle } from '../frame/Handle.tsx';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { type Explanation, k1Through, lengthFactor, saturationAt, type WeighedTerm } from './model.ts';
import { B, type Bm25State, K1, letterOf } from './state.ts';

interface Props extends Pick<View<Bm25State>, 'state' | 'set'> {
  readonly explanation: Explanation;
  readonly veiled: boolean;
}

/** Occurrences, allowed for length, at which the handle of k1 rides on its curve. */
const K1_AT = 6;
/** The handle of b rides at so many average lengths. */
const B_AT = 2;
/** Where the curve of idf begins: a little left of one passage. */
const FEWEST = 0.7;

/** The three factors as curves, with each passage's own point on them, and the chosen sum in figures. */
export function Curves({ state, explanation, veiled, set }: Props) {
  const { terms, passages, averageLength: average, order } = explanation;
  const term = terms.find(({ term: t }) => t === state.term) ?? terms[0];
  const first = veiled ? '' : `; first is ${letterOf(order[0]!)}`;
  const partOf = (index: number) => passages[index]?.parts.find((part) => part.term === term?.term);
  const strong = (index: number) => !veiled && index === state.passage;
  const total = passages.length;
  const longest = Math.max(B_AT * average, ...passages.map(({ length }) => length)) * 1.08 || 1;
  const mostIdf = inverseDocumentFrequency(FEWEST, total);
  const farthest = Math.max(K1_AT, ...passages.map(({ index }) => partOf(index)?.adjusted ?? 0)) * 1.06;
  const highest = Math.max(3, Math.ceil(saturationAt(farthest, state.k1) * 1.1));
  return (
    <>
      {terms.length > 1 && !veiled && (
        <Segmented
          label="Word on the curves"
          className="bm25-terms"
          value={term?.term}
          options={terms.map((t) => ({ value: t.term, label: t.word }))}
          onChange={(next) => set({ term: next })}
        />
      )}
      <div className="bm25-curves">
        <CurveChart
          factor="tf"
          title={
            <>
              Repetition, k<sub>1</sub> = {fixed(state.k1)}
            </>
          }
          label="What the occurrences of a word count"
          x={{ low: 0, high: farthest, ticks: [0, 1, 2, 3, 4, 5, 6].filter((t) => t < farthest) }}
          y={{ low: 0, high: highest, ticks: Array.from({ length: highest + 1 }, (_, i) => i) }}
          xTitle="occurrences ÷ length factor"
          curve={(x) => saturationAt(x, state.k1)}
          points={
            veiled
              ? []
              : passages.flatMap(({ index }) => {
                  const part = partOf(index);
                  if (!part) return [];
                  return [
                    {
                      key: letterOf(index),
                      x: part.adjusted,
                      y: part.saturation,
                      label: letterOf(index),
                      strong: strong(index),
                    },
                  ];
                })
          }
        >
          {({ toX, toY, fromY }) => (
            <Handle
              label="k1"
              {...K1}
              value={state.k1}
              x={toX(K1_AT)}
              y={toY(saturationAt(K1_AT, state.k1))}
              text={`${fixed(state.k1)}${first}`}
              valueAt={(_, y) => Math.min(K1.max, k1Through(K1_AT, Math.min(fromY(y), K1_AT - 0.01)))}
              onChange={(k1) => set({ k1 })}
            />
          )}
        </CurveChart>
        <CurveChart
          factor="length"
          title={<>Length, b = {fixed(state.b)}</>}
          label="How the length of a passage marks its counts down"
          x={{ low: 0, high: longest, ticks: lengthTicks(longest) }}
          y={{ low: 0, high: Math.max(2.2, (longest / (average || 1)) * 1.02), ticks: [0, 1, 2] }}
          xTitle={`words in the passage (average ${fixed(average, 0)})`}
          curve={(x) => lengthFactor(x, average, state.b)}
          points={passages.map(({ index, length, lengthFactor: y }) => ({
            key: letterOf(index),
            x: length,
            y,
            label: letterOf(index),
            strong: strong(index),
          }))}
        >
          {({ toX, toY, fromY }) => (
            <Handle
              label="b"
              {...B}
              value={state.b}
              x={toX(B_AT * average)}
              y={toY(lengthFactor(B_AT * average, average, state.b))}
              text={`${fixed(state.b)}${first}`}
              valueAt={(_, y) => fromY(y) - 1}
              onChange={(b) => set({ b })}
            />
          )}
        </CurveChart>
        <CurveChart
          factor="idf"
          title="Rarity, idf"
          label="What a word weighs that so many passages have"
          x={{ low: FEWEST, high: total + 0.5, ticks: Array.from({ length: total }, (_, i) => i + 1) }}
          y={{ low: 0, high: mostIdf, ticks: [0, 0.5, 1, 1.5].filter((tick) => tick < mostIdf) }}
          xTitle="passages that have the word"
          curve={(n) => inverseDocumentFrequency(n, total)}
          points={terms
            .filter(({ matching }) => matching > 0)
            .map(({ term: key, word, matching, idf }) => ({
              key,
              x: matching,
              y: idf,
              label: terms.length > 3 ? word.slice(0, 3) : word,
              strong: key === term?.term,
            }))}
        />
      </div>
      {!veiled && term && <Sum state={state} explanation={explanation} term={term} />}
    </>
  );
}

const lengthTicks = (longest: number): number[] => {
  const step = longest > 120 ? 50 : longest > 50 ? 20 : longest > 20 ? 10 : 5;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step);
};

/** The chosen word in the chosen passage, with its numbers in the formula. */
function Sum({
  state,
  explanation,
  term,
}: {
  readonly state: Bm25State;
  readonly explanation: Explanation;
  readonly term: WeighedTerm;
}) {
  const passage = explanation.passages[state.passage];
  const part = passage?.parts.find((p) => p.term === term.term);
  const name = letterOf(state.passage);
  if (!passage || !part) {
    return (
      <p className="bm25-line">
        “{term.word}” is not in passage {name}: it adds nothing, whatever the passage may mean.
      </p>
    );
  }
  const k1 = fixed(state.k1);
  const times = term.count > 1 ? String.raw`${term.count} \cdot ` : '';
  const count = String.raw`\dfrac{${part.frequency}}{\class{factor-length}{${fixed(passage.lengthFactor)}}}`;
  const tex = String.raw`${times}\class{factor-idf}{${fixed(term.idf)}} \cdot \class{factor-tf}{\dfrac{${fixed(part.adjusted)} \cdot (${k1} + 1)}{${fixed(part.adjusted)} + ${k1}}} = ${fixed(part.contribution, 3)}`;
  const allowed = `${fixed(part.adjusted)} = ${count}`;
  return (
    <p className="bm25-line">
      <span>
        “{term.word}” in {name}:
      </span>{' '}
      <Formula tex={tex} /> <Formula tex={allowed} />
    </p>
  );
}
