import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { Bm25State } from './state.ts';

const SCORE = String.raw`\text{score} = \sum_{t} \class{factor-idf}{\mathrm{idf}(t)} \cdot \class{factor-tf}{\frac{f' \, (k_1 + 1)}{f' + k_1}}`;
const ALLOWED = String.raw`f' = \frac{f}{\class{factor-length}{1 - b + b \, \lvert d \rvert / \mathrm{avg}}}`;

export function Text(_: View<Bm25State>) {
  return (
    <>
      <p>
        A search engine has to say which of many texts fits a <dfn>query</dfn>, the words somebody typed. BM25
        is what most of them begin with. It knows nothing of meaning: it counts words, <var>f</var> of them in
        a passage of <var>d</var> words, and asks three questions of each.
      </p>
      <div className="bm25-formulas">
        <Formula tex={SCORE} display />
        <Formula tex={ALLOWED} display />
      </div>
      <ul className="lesson-points">
        <li>
          <strong data-factor="tf">How often is the word there?</strong> A second time counts less than the
          first; k<sub>1</sub> says how much less.
        </li>
        <li>
          <strong data-factor="length">How long is the passage?</strong> Long passages hold more of every
          word, so their counts are marked down. <var>b</var> says how far.
        </li>
        <li>
          <strong data-factor="idf">How rare is the word?</strong> A word that few passages have tells them
          apart. This weight is called <dfn>idf</dfn>, inverse document frequency.
        </li>
      </ul>
      <p>
        A score is the sum of what each word of the query brings, and nothing else. Drag the round handles:
        they are k<sub>1</sub> and b.
      </p>
      <p className="muted">
        Words count by their stem (“brakes” is “brake”), as in the Playground; “the” and its like count too.
      </p>
    </>
  );
}
