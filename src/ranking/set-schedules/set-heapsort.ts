/**
 * Setwise heapsort (Zhuang et al. 2024, section 3.2): a heap in which every node has so many children that it is compared
 * with all of them in one prompt. With a judge that is always right the first `top` places are the best, in order.
 */
import { scoreByPlace } from '../orders.ts';
import type { SetChoices, SetSchedule, ShownSet, Winners } from './set-schedule.ts';

/**
 * The node is shown first, then its children: whoever is equal to it does not rise. Nodes of one level sink side by side
 * while the heap is built. The ranking so far is what was taken out, then the heap in level order; a passage that is
 * sinking from the root stands last, where it came from. Scores are n − place.
 */
export function setHeapsort(size: number, winners: Winners, { setSize, top }: SetChoices): SetSchedule {
  const children = setSize - 1;
  const heap = Array.from({ length: size }, (_, index) => index);
  const sorted: number[] = [];
  let sinking: number | undefined;

  function* sink(place: number): Generator<ShownSet, void> {
    let parent = place;
    while (children * parent + 1 < heap.length) {
      const places = [parent, ...childrenOf(parent, children, heap.length)];
      const shown = places.map((at) => heap[at]!);
      yield shown;
      const best = places[shown.indexOf(winners.of(shown))]!;
      if (best === parent) return;
      [heap[parent], heap[best]] = [heap[best]!, heap[parent]!];
      parent = best;
    }
  }

  function* sort(): Generator<readonly ShownSet[], void> {
    if (size < 2) return;
    for (const level of levelsOf(size, children)) yield* sideBySide(level.map(sink));
    while (heap.length > 1) {
      const last = heap.pop()!;
      sorted.push(heap[0]!);
      heap[0] = last;
      if (sorted.length >= top) return;
      sinking = last;
      for (const shown of sink(0)) yield [shown];
      sinking = undefined;
    }
  }

  const ranking = () => {
    const rest = sinking === undefined ? heap : [...heap.filter((item) => item !== sinking), sinking];
    return scoreByPlace([...sorted, ...rest]);
  };
  return { steps: sort(), ranking };
}

const childrenOf = (parent: number, children: number, size: number): number[] =>
  Array.from({ length: children }, (_, i) => children * parent + 1 + i).filter((place) => place < size);

/** Places of nodes that have children, the deepest level first. */
function levelsOf(size: number, children: number): number[][] {
  const levels: number[][] = [];
  for (let first = 0, width = 1; children * first + 1 < size; first += width, width *= children) {
    const level = Array.from({ length: width }, (_, i) => first + i);
    levels.unshift(level.filter((place) => children * place + 1 < size));
  }
  return levels;
}

/** Steps with the next set of each that still has one; nodes of one level have no passage in common. */
function* sideBySide(sinks: readonly Iterator<ShownSet, void>[]): Generator<readonly ShownSet[], void> {
  let open = sinks;
  while (true) {
    const going = open.map((sink) => ({ sink, next: sink.next() })).filter(({ next }) => !next.done);
    if (going.length === 0) return;
    yield going.map(({ next }) => next.value as ShownSet);
    open = going.map(({ sink }) => sink);
  }
}

/**
 * An upper bound of the sets asked about: one a level on the deepest way down, from every node that sinks while the heap
 * is built, and from the root after each passage taken out but the last.
 */
export function setHeapsortCalls(size: number, { setSize, top }: SetChoices): number {
  const children = setSize - 1;
  if (size < 2) return 0;
  let calls = 0;
  for (const place of levelsOf(size, children).flat()) calls += deepestSink(place, size, children);
  for (let taken = 1; taken < Math.min(top, size - 1); taken++)
    calls += deepestSink(0, size - taken, children);
  return calls;
}

/** Comparisons on the leftmost way down from `place`: no other is longer. */
function deepestSink(place: number, size: number, children: number): number {
  let comparisons = 0;
  for (let parent = place; children * parent + 1 < size; parent = children * parent + 1) comparisons++;
  return comparisons;
}
