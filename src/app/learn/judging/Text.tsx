import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { JudgingState } from './state.ts';

const DCG = String.raw`\mathrm{DCG@}k = \sum_{r=1}^{k} \frac{\class{factor-tf}{\mathrm{gain}(g_r)}}{\class{factor-length}{\log_2(r+1)}} \qquad \mathrm{nDCG} = \frac{\mathrm{DCG}}{\text{ideal DCG}}`;

export function Text(_: View<JudgingState>) {
  return (
    <>
      <p>
        Which ranking is better? Somebody reads the passages and gives each a <dfn>grade</dfn>: 0 is not
        relevant, 3 is just what was wanted. A measure turns grades and places into one number.
      </p>
      <Formula tex={DCG} display />
      <ul className="lesson-points">
        <li>
          <strong data-factor="tf">Gain</strong>: what a grade is worth. Either the grade itself or{' '}
          <span className="judging-power">
            2<sup>g</sup> − 1
          </span>
          , which makes a 3 worth seven 1s.
        </li>
        <li>
          <strong data-factor="length">Discount</strong>: the lower the place, the fewer readers get there.
        </li>
        <li>
          <strong>nDCG</strong> divides by the best order that the grades allow, so 1 is perfect.{' '}
          <strong>MRR</strong> is 1 ÷ the place of the first relevant passage (the mean over queries gives it
          its M); <strong>P@5</strong> the share of relevant ones among five.
        </li>
      </ul>
      <p>
        One query proves little. With ten, drawing them again with replacement (the <dfn>bootstrap</dfn>)
        shows how far chance alone moves the mean.
      </p>
    </>
  );
}
