import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { ComparingState } from './state.ts';

const PREFERENCE = String.raw`\begin{array}{ll} c_{ij} = 1 & \text{if } \class{factor-tf}{z_A} > \class{factor-length}{z_B} \\ c_{ij} = 0 & \text{if } \class{factor-tf}{z_A} < \class{factor-length}{z_B} \\ c_{ij} = \tfrac{1}{2} & \text{if they are equal} \end{array}`;

export function Text(_: View<ComparingState>) {
  return (
    <>
      <p>
        A Yes about one passage and a Yes about another are answers to two prompts, and hard to compare. So
        show both passages in one prompt, as A and B, and ask which fits the query better. Read{' '}
        <span className="factor-tf">the logit of A</span> and <span className="factor-length">that of B</span>{' '}
        after the word “passage”: the larger one is the answer. The model is a <dfn>judge</dfn> now.
      </p>
      <Formula tex={PREFERENCE} display />
      <p>
        This is Eq. 4, with i shown as A and j as B. Asking like this is pairwise ranking prompting (PRP).
      </p>
      <ul className="lesson-points">
        <li>
          <strong>Position bias</strong>: a judge may favour a place, or a letter, for its own sake. So each
          pair is asked twice, the second time the other way round.
        </li>
        <li>
          <strong>Contradiction</strong>: the two orders name different passages. The judge has not said which
          is better, only which place it leans to when in doubt. That counts as a tie.
        </li>
        <li>
          <strong>The price</strong>: six passages take 6 questions one by one, but 6 · 5 = 30 in pairs.
        </li>
      </ul>
      <p className="muted">
        Lesson 4 turns such answers into a ranking. The judge is the Playground’s teacher, a very small model.
      </p>
    </>
  );
}
