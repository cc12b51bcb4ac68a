import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { DistillationState } from './state.ts';

const LOSS = String.raw`L = \frac{1}{|P|} \sum_{(i,j) \in P} \log\!\left(1 + e^{\,s_j - s_i}\right)`;

export function Text(_: View<DistillationState>) {
  return (
    <>
      <p>
        A <dfn>teacher</dfn> that compares passages in pairs ranks well and is slow: n(n − 1) calls for n
        passages. A <dfn>student</dfn>, asked about one passage at a time, needs n.{' '}
        <dfn>Instruction distillation</dfn> trains the same model, under a shorter wording, until it ranks as
        the teacher did. Nobody has to judge a passage.
      </p>
      <p>
        What counts is the teacher’s order, as pairs: P holds each pair (i, j) in which i stands above j.
        RankNet’s loss compares their scores s, the student’s logits of “Yes”:
      </p>
      <Formula tex={LOSS} display />
      <ul className="lesson-points">
        <li>
          <strong>Loss</strong>: near 0 where the better passage leads by a lot; where it trails, about as
          large as the gap.
        </li>
        <li>
          <strong>Gradient</strong>: a pair pulls its two passages apart with equal force, at most 1, and
          hardly at all where the order is right.
        </li>
        <li>
          <strong>Step</strong>: the gradient goes back through the whole model, and each weight moves a
          little. The <strong>learning rate</strong> says how far.
        </li>
      </ul>
      <p className="muted">
        What is trained here is the embedded base, with 1.9 million weights. It learnt to compare pairs and
        never saw the student’s wording, under which its order is often the wrong way round. A few questions
        make a demonstration; the trainer does the same with thousands.
      </p>
    </>
  );
}
