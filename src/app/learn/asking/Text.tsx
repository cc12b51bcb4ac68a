import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { AskingState } from './state.ts';

const SHARE = String.raw`p(\text{Yes}) = \frac{e^{\class{factor-tf}{z_{\text{Yes}}}}}{e^{\class{factor-tf}{z_{\text{Yes}}}} + e^{\class{factor-length}{z_{\text{No}}}}}`;
const SCORE = String.raw`\begin{array}{ll} s = 1 + p(\text{Yes}) & \text{if it says Yes} \\ s = 1 - p(\text{No}) & \text{if it says No} \end{array}`;
const LIKELIHOOD = String.raw`s = \frac{1}{\lvert q \rvert} \sum_{t} \log p(q_t \mid q_{<t}, d)`;

export function Text(_: View<AskingState>) {
  return (
    <>
      <p>
        A language model reads a text, the <dfn>prompt</dfn>, and weighs what may come next: every word, or
        piece of one (a <dfn>token</dfn>), gets a number, its <dfn>logit</dfn>. So ask it whether a passage
        fits a query, and read just two of these numbers: <span className="factor-tf">that of Yes</span> and{' '}
        <span className="factor-length">that of No</span>. The larger is what it would say.
      </p>
      <div className="asking-formulas">
        <Formula tex={SHARE} display />
        <Formula tex={SCORE} display />
      </div>
      <ul className="lesson-points">
        <li>
          <strong>Eq. 2</strong>, the score s, ranks every Yes above every No. Where a model is so sure that p
          is always 1, the plain logit of Yes tells passages apart better.
        </li>
        <li>
          <strong>Not one scale.</strong> Two passages are two prompts: which logit is ahead may depend on the
          wording.
        </li>
        <li>
          <strong>The other way to ask</strong> is <dfn>query likelihood</dfn>: how likely would a model that
          has read passage d write the query q, token by token?
          <Formula tex={LIKELIHOOD} display />
          Eq. 3 needs a model that can write. The one here has only learned to answer with one word.
        </li>
      </ul>
      <p className="muted">
        It was made for this page: thousands of times smaller than a chat model. Here Yes and No share p; in
        the paper all tokens do.
      </p>
    </>
  );
}
