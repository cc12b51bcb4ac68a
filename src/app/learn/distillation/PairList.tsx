import { fixed } from '../frame/numbers.ts';
import type { ListParts } from './pairs.ts';

/** A loss as long as the bar. */
const WIDEST = 3;

/** Each pair with its lead, its loss and how hard it pulls. */
export function PairList({ parts, names }: { readonly parts: ListParts; readonly names: readonly string[] }) {
  return (
    <table className="distil-pairs">
      <thead>
        <tr>
          <th scope="col">Pair</th>
          <th scope="col">Lead</th>
          <th scope="col">Loss</th>
          <td />
          <th scope="col">Pull</th>
        </tr>
      </thead>
      <tbody>
        {parts.pairs.map(({ better, worse, lead, loss, pull }) => (
          <tr key={`${better} ${worse}`}>
            <th scope="row">
              {names[better]} over {names[worse]}
            </th>
            <td className={lead < 0 ? 'distil-wrong' : undefined}>{fixed(lead, 1)}</td>
            <td>{fixed(loss, 3)}</td>
            <td className="distil-bar" aria-hidden="true">
              <span style={{ width: `${Math.min(100, (100 * loss) / WIDEST)}%` }} />
            </td>
            <td>{fixed(pull)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
