import { Formula } from '../frame/Formula.tsx';
import type { View } from '../frame/lesson.ts';
import type { TournamentState } from './state.ts';

const POINTS = String.raw`s_i = \sum_{j \ne i} \class{factor-tf}{c_{ij}} + \class{factor-length}{(1 - c_{ji})}`;

export function Text(_: View<TournamentState>) {
  return (
    <>
      <p>
        A judge is asked about two passages at a time: which answers the query better, A or B? Each pair is
        asked in both orders, for some judges favour what they read first. A ranking has to come out of these
        games.
      </p>
      <Formula tex={POINTS} display />
      <p>
        A passage gets a point for each game it wins: <span className="factor-tf">shown as A</span>, where the
        answer c is 1, and <span className="factor-length">shown as B</span>, where it is 0. An equal answer,
        ½, gives each half a point. This is Eq. 5 of the paper that the Playground’s teacher follows.
      </p>
      <ul className="lesson-points">
        <li>
          <strong>Contradiction</strong>: the two orders name different winners. Each passage gets one point.
        </li>
        <li>
          <strong>Tie</strong>: the same number of points. BM25’s order decides: p1 before p2.
        </li>
        <li>
          <strong>Ring</strong>: x beats y, y beats z, z beats x. No ranking can please such a judge.
        </li>
      </ul>
      <p className="muted">
        Bradley and Terry’s model gives each passage a strength, from which its chance of winning follows.
        Where all games were played its order is that of the points; where some are missing it is better than
        counting.
      </p>
    </>
  );
}
