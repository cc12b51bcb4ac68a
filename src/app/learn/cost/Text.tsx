import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { CostState } from './state.ts';

const CALLS = String.raw`2 \cdot \binom{n}{2} = n(n-1)`;

export function Text(_: View<CostState>) {
  return (
    <>
      <p>
        To compare every pair of n passages in both orders takes this many <dfn>calls</dfn>, or questions to
        the model:
      </p>
      <Formula tex={CALLS} display />
      <p>
        A <dfn>schedule</dfn> asks fewer and infers the rest: whoever beats the second also beats the third.
      </p>
      <ul className="lesson-points">
        <li>
          <strong>Sliding window</strong>: up BM25’s list, neighbour against neighbour; the winner goes on.
          One pass, 2(n − 1) calls, brings up one passage.
        </li>
        <li>
          <strong>Heapsort</strong>: a tree with no passage below one that it beats; the root is taken out,
          again and again. Calls grow with n log n.
        </li>
        <li>
          <strong>Exact top k</strong>: all pairs, less the calls that can no longer change the first k.
        </li>
      </ul>
      <p>
        Where two answers contradict each other, heapsort and the window keep BM25’s order: they may leave the
        best passage there. Exact top k infers nothing that may be wrong, and pays for it.
      </p>
    </>
  );
}
