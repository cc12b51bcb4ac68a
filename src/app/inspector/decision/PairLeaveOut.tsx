import { useMemo } from 'react';
import { passageText } from '../../../passage-text.ts';
import type { PromptTemplate } from '../../../ranking/template.ts';
import { pairName } from '../../../state/inspector/ask-drafts.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { LeaveOut, type Measure } from './LeaveOut.tsx';

interface Props {
  readonly run: ComparingRun;
  readonly template: PromptTemplate;
  readonly pair: readonly [number, number];
}

const ORDERS = [
  [0, 1],
  [1, 0],
];

const MEASURES: readonly Measure[] = [
  {
    id: 'difference',
    title: 'Logit difference',
    noun: 'the logit difference',
    // The target's label less the other one's.
    of: ([logitA, logitB], target, order) =>
      ORDERS[order]![0] === target ? logitA! - logitB! : logitB! - logitA!,
  },
];

/** Which sentence, or word, of either passage of a pair decides, in both orders. */
export function PairLeaveOut({ run, template, pair: cell }: Props) {
  const {
    name,
    pair: [low, high],
  } = pairName(run, ...cell);
  const { set, matrix } = run;
  const passages = useMemo(
    () => [low, high].map((position) => set.candidates[position]!.passage),
    [set, low, high],
  );
  const seen = useMemo(() => {
    const decisions = [matrix.at(low, high), matrix.at(high, low)];
    return passages.map((passage, i) => {
      const before = passageText(passage, template.titles).length - passage.text.length;
      // Cut in the two orders alike, or nearly: what both read.
      const kept = decisions.flatMap((decision, order) => {
        const slot = i === order ? 'passage_a' : 'passage_b';
        return decision?.cuts.filter((cut) => cut.slot === slot).map((cut) => cut.kept - before) ?? [];
      });
      return kept.length > 0 ? Math.max(0, Math.min(...kept)) : undefined;
    });
  }, [matrix, passages, template, low, high]);
  return (
    <LeaveOut
      name={name}
      slot="teacher"
      run={run}
      template={template}
      query={set.query}
      passages={passages}
      atOnce
      first={cell[0] === low ? 0 : 1}
      orders={ORDERS}
      orderTitles={passages.map(({ id }) => `${id} as A`)}
      measures={MEASURES}
      seen={seen}
    />
  );
}
