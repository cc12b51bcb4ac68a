import type { StepPair } from '../../../analysis/steps.ts';
import type { ScheduleView } from '../../../ranking/schedules/schedule.ts';

interface Props {
  readonly view: Extract<ScheduleView, { kind: 'heap' }>;
  readonly pairs: readonly StepPair[];
  readonly ids: readonly string[];
}

const NODE = { height: 22, gap: 8, level: 46 };

/** The heap as a tree, the pair that is compared marked; below it what has been taken out. */
export function HeapTree({ view: { heap, sorted }, pairs, ids }: Props) {
  // As narrow as the ids allow, so that ten passages fit a phone.
  const longest = heap.reduce((most, index) => Math.max(most, shortId(ids[index]!).length), 0);
  const node = Math.max(34, 8 * longest + 12);
  const levels = Math.max(1, Math.ceil(Math.log2(heap.length + 1)));
  const widest = 2 ** (levels - 1);
  const width = widest * (node + NODE.gap);
  const height = levels * NODE.level;
  const place = (at: number) => {
    const level = Math.floor(Math.log2(at + 1));
    const across = at + 1 - 2 ** level;
    return { x: ((across + 0.5) * width) / 2 ** level, y: level * NODE.level + NODE.height / 2 + 4 };
  };
  const compared = new Set(pairs.flatMap(({ one, other }) => [one, other]));
  const winners = new Set(pairs.map(({ winner }) => winner));
  return (
    <div className="what-if-drawing">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
      <section className="what-if-scroll" tabIndex={0} aria-label="Heap">
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Heap, level by level: ${heap.map((index) => ids[index]).join(', ') || 'empty'}`}
        >
          {heap.slice(1).map((index, i) => {
            const child = place(i + 1);
            const parent = place(Math.floor(i / 2));
            return (
              <line
                key={index}
                className="heap-edge"
                x1={parent.x}
                y1={parent.y + NODE.height / 2}
                x2={child.x}
                y2={child.y - NODE.height / 2}
              />
            );
          })}
          {heap.map((index, at) => {
            const { x, y } = place(at);
            return (
              <g
                key={index}
                className="heap-node"
                data-compared={compared.has(index) || undefined}
                data-winner={winners.has(index) || undefined}
              >
                <rect x={x - node / 2} y={y - NODE.height / 2} width={node} height={NODE.height} rx={5} />
                <text x={x} y={y + 4} textAnchor="middle">
                  {shortId(ids[index]!)}
                </text>
              </g>
            );
          })}
        </svg>
      </section>
      <p>
        <span className="muted">Taken out, best first:</span>{' '}
        {sorted.map((index) => ids[index]).join(', ') || 'none yet'}
      </p>
    </div>
  );
}

const shortId = (id: string): string => (id.length > 8 ? `${id.slice(0, 7)}…` : id);
