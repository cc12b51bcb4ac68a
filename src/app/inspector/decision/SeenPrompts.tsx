import { useEffect, useState } from 'react';
import { messageOf } from '../../../errors.ts';
import type { SeenPrompt } from '../../../inference/seen-prompt.ts';
import type { QuestionsJob } from '../../../ranking/questions.ts';
import { asking } from '../../../state/inspector/asking.ts';
import type { ModelRun } from '../../../state/run/run.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { PromptView } from '../PromptView.tsx';
import { useDecider } from './Decider.tsx';

interface Props {
  readonly slot: ScorerSlot;
  readonly run: Pick<ModelRun, 'info'>;
  /** The same object as long as the same is asked. */
  readonly job: QuestionsJob | null;
  /** Of each question's prompt. */
  readonly titles: readonly string[];
  /** Tokens are shown first, not the text. */
  readonly tokens?: boolean;
  /** None is open at first. */
  readonly folded?: boolean;
}

/** Prompts as the model reads them. Its tokenizer cuts them: without the model that decided there are none to show. */
export function SeenPrompts({ slot, run, job, titles, tokens, folded }: Props) {
  const { same } = useDecider(slot, run);
  const [seen, setSeen] = useState<readonly SeenPrompt[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (!same || !job) return;
    let current = true;
    asking.see(slot, job).then(
      (prompts) => {
        if (!current) return;
        setSeen(prompts);
        setError(null);
      },
      (reason: unknown) => current && setError(messageOf(reason)),
    );
    return () => {
      current = false;
    };
  }, [same, job, slot]);
  if (error) return <p role="alert">{error}</p>;
  if (!same) {
    return (
      <p className="muted">
        {run.info ? `${run.info.name} read these prompts` : 'The model that decided is not known'} and is not
        loaded now. What a prompt became, where it was cut and which tokens it is made of, only that model’s
        own tokenizer can say; load it to see them.
      </p>
    );
  }
  if (!seen) return <p className="muted">Reading the prompts …</p>;
  return (
    <>
      {seen.slice(0, titles.length).map((prompt, i) => (
        <PromptView
          key={titles[i]}
          title={titles[i]!}
          prompt={prompt}
          open={!folded && i === 0}
          tokens={tokens}
        />
      ))}
    </>
  );
}
