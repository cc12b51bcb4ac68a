import { useEffect, useRef } from 'react';
import type { DuelAnswer } from '../../analysis/duel.ts';
import { answerDuel, type Duel, undoAnswer } from '../../state/duel.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import type { Passage } from '../../types.ts';
import { Button } from '../ui/Button.tsx';
import { Progress } from '../ui/Progress.tsx';
import { useKeys } from './useKeys.ts';

/** What a key answers. */
const ANSWER_KEYS: ReadonlyMap<string, DuelAnswer> = new Map([
  ['ArrowLeft', 'a'],
  ['a', 'a'],
  ['ArrowRight', 'b'],
  ['b', 'b'],
  ['=', 'tie'],
  ['t', 'tie'],
]);

/** One pair, without a word of what any model said of it. */
export function DuelPairView({
  run,
  duel,
  onResults,
}: {
  readonly run: ComparingRun;
  readonly duel: Duel;
  readonly onResults: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { key, pairs, answers } = duel;
  const at = answers.length;
  const pair = pairs[at]!;
  const answer = (one: DuelAnswer) => () => answerDuel(key, one);
  const undo = at > 0 ? () => undoAnswer(key) : undefined;
  useKeys((event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command) return event.key.toLowerCase() === 'z' && !event.shiftKey ? undo : undefined;
    if (event.key === 'Backspace') return undo;
    const given = ANSWER_KEYS.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return given && answer(given);
  });
  const passageAt = (position: number): Passage => run.set.candidates[position]!.passage;
  return (
    <>
      <h1 className="duel-query" dir="auto" ref={heading} tabIndex={-1}>
        {run.set.query.text}
      </h1>
      <div className="duel-progress">
        <p role="status">
          Pair {at + 1} of {pairs.length}
        </p>
        <Progress value={at / pairs.length} label="Answered pairs" />
      </div>
      <div className="duel-passages" key={at}>
        <DuelPassage letter="A" passage={passageAt(pair.a)} />
        <DuelPassage letter="B" passage={passageAt(pair.b)} />
      </div>
      <fieldset className="duel-answers">
        <legend>Which passage is more relevant?</legend>
        <Button shortcut="←" keys="ArrowLeft A" onClick={answer('a')}>
          Passage A
        </Button>
        <Button shortcut="=" keys="= T" onClick={answer('tie')}>
          Tie
        </Button>
        <Button shortcut="→" keys="ArrowRight B" onClick={answer('b')}>
          Passage B
        </Button>
      </fieldset>
      <div className="duel-aside">
        <Button
          small
          kind="quiet"
          shortcut="⌫"
          keys="Backspace Control+Z Meta+Z"
          disabled={!undo}
          onClick={undo}
        >
          Undo
        </Button>
        <Button small kind="quiet" disabled={at === 0} onClick={onResults}>
          Results so far
        </Button>
      </div>
    </>
  );
}

function DuelPassage({ letter, passage }: { readonly letter: 'A' | 'B'; readonly passage: Passage }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key.
    <section className="duel-passage" aria-label={`Passage ${letter}`} tabIndex={0}>
      <h2 dir="auto">
        <span className="duel-letter" aria-hidden="true">
          {letter}
        </span>{' '}
        {passage.title}
      </h2>
      <p dir="auto">{passage.text}</p>
    </section>
  );
}
