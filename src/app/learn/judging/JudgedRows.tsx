import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { gainOf } from '../../../evaluation/metrics.ts';
import { useFlip } from '../../playground/column/useFlip.ts';
import type { View } from '../frame/lesson.ts';
import { fixed, ordinal } from '../frame/numbers.ts';
import { gradeWord, type JudgingState, K, letterOf, moved } from './state.ts';

interface Props extends Pick<View<JudgingState>, 'state' | 'set'> {
  readonly veiled: boolean;
}

/** The ranking: rows that are dragged by their grip or moved by arrows, and graded by a choice or the keys 0 to 3. */
export function JudgedRows({ state, set, veiled }: Props) {
  const { order, grades, passages, gain } = state;
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  useFlip(list, order.join());
  const most = gainOf(3, gain);

  const move = (passage: number, to: number): void => {
    const next = moved(order, passage, to);
    if (next.join() !== order.join()) set({ order: next });
  };
  const grade = (passage: number, value: number | null): void =>
    set({ grades: grades.map((old, i) => (i === passage ? value : old)) });
  const onKeyDown = (event: KeyboardEvent, passage: number, place: number): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by !== 0) move(passage, place + by);
    else if (event.key === 'Home') move(passage, 0);
    else if (event.key === 'End') move(passage, order.length);
    else if (/^[0-3]$/.test(event.key)) grade(passage, Number(event.key));
    else if (event.key === 'Backspace') grade(passage, null);
    else return;
    event.preventDefault();
    event.stopPropagation();
    // The row has moved in the document, which may take the focus.
    const grip = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => grip.focus());
  };
  const onPointerMove = (event: PointerEvent, passage: number): void => {
    if (dragged !== passage || !list.current) return;
    const rows = [...list.current.children].map((row) => row.getBoundingClientRect());
    const to = rows.findIndex(({ bottom }) => event.clientY < bottom);
    move(passage, to < 0 ? rows.length - 1 : to);
  };

  return (
    <ol ref={list} className="judging-rows" aria-label="Ranking">
      {order.map((passage, place) => {
        const name = letterOf(passage);
        const value = gainOf(grades[passage] ?? undefined, gain);
        const discount = Math.log2(place + 2);
        const counts = place < K;
        return (
          <li key={passage} className="judging-row" data-cut={place === K} data-dragged={dragged === passage}>
            <button
              type="button"
              className="judging-grip"
              aria-label={`Move ${name}, now ${ordinal(place)}, ${gradeWord(grades[passage]!)}`}
              title="Drag, or move with the arrows; 0 to 3 grade"
              onKeyDown={(event) => onKeyDown(event, passage, place)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                setDragged(passage);
              }}
              onPointerMove={(event) => onPointerMove(event, passage)}
              onPointerUp={() => setDragged(undefined)}
              onPointerCancel={() => setDragged(undefined)}
            >
              <span aria-hidden="true">⠿</span>
            </button>
            <span className="judging-place">{place + 1}</span>
            <span className="judging-text">
              <strong>{name}</strong> {passages[passage]}
            </span>
            <select
              className="input"
              aria-label={`Grade of ${name}`}
              value={grades[passage] ?? ''}
              onChange={({ target }) => grade(passage, target.value === '' ? null : Number(target.value))}
            >
              <option value="">–</option>
              {[0, 1, 2, 3].map((g) => (
                <option key={g} value={g}>
                  {g}
                </option>
              ))}
            </select>
            {!veiled && (
              <span className="judging-adds">
                <span className="judging-bar" aria-hidden="true">
                  <span style={{ width: `${counts ? (100 * value) / discount / most : 0}%` }} />
                </span>
                <span className="judging-sum">
                  {counts ? (
                    <>
                      <span data-factor="tf">{value}</span> ÷{' '}
                      <span data-factor="length">{fixed(discount)}</span> = {fixed(value / discount)}
                    </>
                  ) : (
                    `below ${K}: not counted`
                  )}
                </span>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
