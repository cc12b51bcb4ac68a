import { movedText, movedWords, placesFrom } from './rule-words.ts';

interface Props {
  readonly title: string;
  readonly name: string;
  readonly order: readonly number[];
  readonly beside: readonly number[];
  /** Whose order that is; the teacher's unless told. */
  readonly besideName?: string;
  readonly ids: readonly string[];
}

/** Two orders place by place; who has moved, and how far. */
export function OrderBeside({ title, name, order, beside, besideName = 'Teacher', ids }: Props) {
  return (
    <div className="what-if-scroll what-if-orders">
      <table className="table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">place</th>
            <th scope="col">{besideName}</th>
            <th scope="col">{name}</th>
            <th scope="col">moved</th>
          </tr>
        </thead>
        <tbody>
          {placesFrom(order, beside).map(({ index, place, moved }) => (
            <tr key={index} data-moved={moved === 0 ? undefined : moved > 0 ? 'up' : 'down'}>
              <td>{place + 1}</td>
              <td className="muted">{ids[beside[place]!]}</td>
              <td>{ids[index]}</td>
              <td>
                <span aria-hidden="true">{movedText(moved)}</span>
                <span className="visually-hidden">{movedWords(moved)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
