import { useMemo } from 'react';
import {
  asSingle,
  type LessonQuestion,
  questionName,
  recordedPrompt,
} from '../../../state/learn/lesson-answers.ts';
import { useModels } from '../../../state/models/models.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { SeenPrompts } from '../../inspector/decision/SeenPrompts.tsx';
import { PromptView } from '../../inspector/PromptView.tsx';
import type { Answerer } from './useAnswers.ts';
import '../../inspector/decision.css';

interface Props {
  readonly slot: ScorerSlot;
  readonly answerer: Answerer;
  /** Of one template. */
  readonly questions: readonly LessonQuestion[];
  readonly titles: readonly string[];
  /** Tokens are shown first, not the text. */
  readonly tokens?: boolean;
  /** None is open at first. */
  readonly folded?: boolean;
}

/** The questions' prompts as the model reads them: the Inspector's view, of the live model or of what was recorded. */
export function LessonPrompts({ slot, answerer, questions, titles, tokens, folded }: Props) {
  const info = useModels((s) => s.slots[slot].ready?.info ?? null);
  const run = useMemo(() => ({ info }), [info]);
  const names = questions.map(questionName).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names say all of what the questions are.
  const job = useMemo(
    () => ({ template: questions[0]!.template, questions: questions.map(asSingle) }),
    [names],
  );
  if (answerer.live) {
    return <SeenPrompts slot={slot} run={run} job={job} titles={titles} tokens={tokens} folded={folded} />;
  }
  const { recording } = answerer;
  const seen = questions.map((question) => recording && recordedPrompt(recording, question));
  if (seen.some((prompt) => !prompt)) {
    return (
      <p className="muted">
        This prompt was not recorded. Its tokens are shown, and it is answered, once the model has loaded.
      </p>
    );
  }
  return (
    <>
      {seen.map(
        (prompt, i) =>
          prompt && (
            <PromptView
              key={titles[i]}
              title={titles[i]!}
              prompt={prompt}
              open={!folded && i === 0}
              tokens={tokens}
            />
          ),
      )}
    </>
  );
}
