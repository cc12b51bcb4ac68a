import type { AskDesk, AskDraft, AskTry } from '../../../state/inspector/ask-drafts.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { answerInWords, signedFigure } from './figures.ts';
import { ScrollTable } from './ScrollTable.tsx';

interface Props {
  readonly run: ComparingRun;
  /** Positions in ascending order, and their ids. */
  readonly pair: readonly [number, number];
  readonly ids: readonly [string, string];
  readonly desk: AskDesk;
  readonly onTake: (draft: AskDraft) => void;
}

/** The old answers, and under them each try's: the newest last, with what was changed and how far it moved. */
export function Tries({ run, pair: [low, high], ids: [one, other], desk, onTake }: Props) {
  const { tries, original } = desk;
  const old = [run.matrix.at(low, high), run.matrix.at(high, low)].map(
    (decision) => decision && [decision.logitA, decision.logitB],
  );
  const last = tries.at(-1);
  return (
    <>
      <ScrollTable label="Answers of the run and of each try">
        <thead>
          <tr>
            <th scope="col">Asked</th>
            <th scope="col">Changed</th>
            <th scope="col">{one} as A</th>
            <th scope="col">{other} as A</th>
            <th scope="col">
              <span className="visually-hidden">Take up</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">in the run</th>
            <td className="muted">–</td>
            <td>{old[0] ? answerInWords(old[0], [one, other]) : 'not asked'}</td>
            <td>{old[1] ? answerInWords(old[1], [other, one]) : 'not asked'}</td>
            <td>
              <Button small kind="link" onClick={() => onTake(original)}>
                Edit<span className="visually-hidden"> from the run</span>
              </Button>
            </td>
          </tr>
          {tries.map((tried, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: tries are only ever added.
            <tr key={i}>
              <th scope="row">try {i + 1}</th>
              <td>{changes(tried.draft, original, [one, other]).join(', ') || 'nothing'}</td>
              <Answer tried={tried} order={0} ids={[one, other]} old={old[0]} run={run} />
              <Answer tried={tried} order={1} ids={[other, one]} old={old[1]} run={run} />
              <td>
                <Button small kind="link" onClick={() => onTake(tried.draft)}>
                  Edit<span className="visually-hidden"> from try {i + 1}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {last && (
        <p className="muted">In brackets: how far logit A − logit B moved from the answer in the run.</p>
      )}
      <p role="status" className="ask-outcome">
        {last && `Try ${tries.length}: ${outcome(last, [one, other])}`}
      </p>
    </>
  );
}

function Answer({
  tried: { answers, info },
  order,
  ids,
  old,
  run,
}: {
  readonly tried: AskTry;
  readonly order: 0 | 1;
  readonly ids: readonly [string, string];
  readonly old: readonly number[] | undefined;
  readonly run: ComparingRun;
}) {
  const { logits, cuts } = answers[order];
  const comparable = old && info.digest === run.info?.digest && info.dtype === run.info.dtype;
  return (
    <td>
      {answerInWords(logits, ids)}
      <span className="muted">
        {comparable && ` (${signedFigure(logits[0]! - logits[1]! - (old[0]! - old[1]!))})`}
        {!comparable && ` ${info.name}`}
        {cuts.length > 0 && ' cut to fit'}
      </span>
    </td>
  );
}

/** What a try changed, in the words of the fields. */
function changes(draft: AskDraft, original: AskDraft, ids: readonly [string, string]): string[] {
  const found: string[] = [];
  if (draft.query !== original.query) found.push('query');
  for (const i of [0, 1] as const) {
    if (draft.texts[i] !== original.texts[i] || draft.titles[i] !== original.titles[i]) found.push(ids[i]);
  }
  if (draft.wording !== original.wording) found.push('wording');
  return found;
}

/** Both orders' answers in one sentence. */
function outcome({ answers: [forward, backward] }: AskTry, [one, other]: readonly [string, string]): string {
  const won = ([a, b]: readonly number[], first: string, second: string): string | undefined =>
    a === b ? undefined : a! > b! ? first : second;
  const winners = [won(forward.logits, one, other), won(backward.logits, other, one)];
  if (winners[0] !== winners[1]) return 'the two orders do not agree.';
  return winners[0] ? `${winners[0]} is preferred in both orders.` : 'both logits are equal, in both orders.';
}
