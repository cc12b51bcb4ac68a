/**
 * How many places a passage went up or down against BM25, in a neutral colour, and in words. `from` is null
 * for one that BM25 did not find.
 */
export function Movement({ from, to }: { readonly from: number | null; readonly to: number }) {
  if (from === null) {
    return (
      <span className="row-move" title="Not found by BM25: no shared words">
        <span aria-hidden="true">+</span>
        <span className="visually-hidden">not found by BM25</span>
      </span>
    );
  }
  const by = from - to;
  if (by === 0) {
    return (
      <span className="row-move">
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">same rank as in BM25</span>
      </span>
    );
  }
  const places = Math.abs(by);
  return (
    <span className="row-move">
      <span aria-hidden="true">
        {by > 0 ? '▲' : '▼'}
        {places}
      </span>
      <span className="visually-hidden">
        {by > 0 ? 'up' : 'down'} {places} against BM25
      </span>
    </span>
  );
}
