import type { KeyboardEvent } from 'react';
import type { PromptTemplate } from '../../../ranking/template.ts';
import { templateProblems } from '../../../ranking/templates.ts';
import {
  type AskDesk,
  type AskDraft,
  changeDesk,
  draftJob,
  draftOf,
  draftTemplate,
  edit,
  isSameDraft,
  newDesk,
  pairName,
  redo,
  undo,
  useAskDrafts,
} from '../../../state/inspector/ask-drafts.ts';
import { askAs, useQuestionRuns } from '../../../state/inspector/question-runs.ts';
import { trainingNote } from '../../../state/models/templates.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { hasCommand } from '../../ui/platform.ts';
import { AskedProgress } from './AskedProgress.tsx';
import { DeciderNote, useDecider } from './Decider.tsx';
import { Tries } from './Tries.tsx';

interface Props {
  readonly run: ComparingRun;
  readonly template: PromptTemplate;
  readonly pair: readonly [number, number];
}

/** One pair asked again with other words: both orders' answers beside the old ones, and every try kept. */
export function AskAgain({ run, template, pair: cell }: Props) {
  const { name, pair } = pairName(run, ...cell);
  const asked = `again ${name}`;
  const original = draftOf(run, pair);
  const desk: AskDesk = useAskDrafts((s) => s.desks[name]) ?? newDesk(original);
  const asking = useQuestionRuns((s) => s.runs[asked]);
  const { card } = useDecider('teacher', run);
  const ids = pair.map((position) => run.set.candidates[position]!.passage.id) as [string, string];
  const { draft } = desk;
  const change = (part: Partial<AskDraft>, field: string): void =>
    changeDesk(name, original, (before) =>
      edit(before, { ...before.draft, ...part }, field, performance.now()),
    );
  const wording = draftTemplate(template, draft);
  const problems = templateProblems(wording);
  const busy = asking?.state === 'running';
  const ask = async (): Promise<void> => {
    if (problems.length > 0 || busy) return;
    const { state, answers, info } = await askAs(asked, 'teacher', draftJob(template, draft));
    const [one, other] = answers;
    if (state !== 'done' || !one || !other || !info) return;
    changeDesk(name, original, (before) => ({
      ...before,
      tries: [...before.tries, { draft, answers: [one, other], info }],
      typing: null,
    }));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!hasCommand(event.nativeEvent)) return;
    const key = event.key.toLowerCase();
    const act =
      event.key === 'Enter'
        ? () => void ask()
        : key === 'z'
          ? () => changeDesk(name, original, event.shiftKey ? redo : undo)
          : key === 'y'
            ? () => changeDesk(name, original, redo)
            : undefined;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside it.
    <div className="ask-again" onKeyDown={onKeyDown}>
      <DeciderNote slot="teacher" run={run} />
      <Field label="Query">
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={1}
            dir="auto"
            value={draft.query}
            onChange={(e) => change({ query: e.target.value }, 'query')}
          />
        )}
      </Field>
      <div className="ask-again-passages">
        {([0, 1] as const).map((i) => (
          <div key={i}>
            {draft.titles[i] !== undefined && (
              <Field label={`Title of ${ids[i]}`}>
                {(field) => (
                  <input
                    {...field}
                    className="input"
                    dir="auto"
                    value={draft.titles[i]}
                    onChange={(e) =>
                      change({ titles: replaced(draft.titles, i, e.target.value) }, `title ${i}`)
                    }
                  />
                )}
              </Field>
            )}
            <Field label={`Passage ${ids[i]}`}>
              {(field) => (
                <textarea
                  {...field}
                  className="input"
                  rows={5}
                  dir="auto"
                  value={draft.texts[i]}
                  onChange={(e) => change({ texts: replaced(draft.texts, i, e.target.value) }, `text ${i}`)}
                />
              )}
            </Field>
          </div>
        ))}
      </div>
      <Field label="Wording" hint="Slots: {query}, {passage_a}, {passage_b}. Blank lines are part of it.">
        {(field) => (
          <textarea
            {...field}
            className="input mono"
            rows={6}
            spellCheck={false}
            value={draft.wording}
            aria-invalid={problems.length > 0 || undefined}
            onChange={(e) => change({ wording: e.target.value }, 'wording')}
          />
        )}
      </Field>
      <div aria-live="polite">
        {problems.map((problem) => (
          <p key={problem} className="field-error">
            {problem}
          </p>
        ))}
        {problems.length === 0 && draft.wording !== original.wording && (
          <p className="muted">{trainingNote(wording, card)}</p>
        )}
      </div>
      <div className="ask-again-buttons">
        <Button
          kind="primary"
          disabled={problems.length > 0 || busy}
          keys="Control+Enter Meta+Enter"
          onClick={() => void ask()}
        >
          Ask both orders
        </Button>
        <Button
          disabled={desk.past.length === 0}
          keys="Control+Z Meta+Z"
          onClick={() => changeDesk(name, original, undo)}
        >
          <Icon name="undo" /> Undo
        </Button>
        <Button
          disabled={desk.future.length === 0}
          keys="Control+Shift+Z Meta+Shift+Z"
          onClick={() => changeDesk(name, original, redo)}
        >
          Redo
        </Button>
        <Button disabled={isSameDraft(draft, original)} onClick={() => change(original, 'reset')}>
          Reset
        </Button>
      </div>
      <AskedProgress name={asked} run={asking} />
      <Tries
        run={run}
        pair={pair}
        ids={ids}
        desk={desk}
        onTake={(taken) => change(taken, `try ${desk.past.length}`)}
      />
    </div>
  );
}

const replaced = <T,>([one, other]: readonly [T, T], i: 0 | 1, value: T): [T, T] =>
  i === 0 ? [value, other] : [one, value];
