import { useState } from 'react';
import type { SeenPrompt } from '../../inference/seen-prompt.ts';

interface Props {
  readonly title: string;
  readonly prompt: SeenPrompt;
  readonly open?: boolean;
  /** Tokens are shown first. */
  readonly tokens?: boolean;
}

/** What is read of a model after a prompt. */
function readOf(labels: readonly string[]): string {
  if (labels.length === 0) return '';
  const last = labels.at(-1);
  const words = labels.length > 2 ? `${labels.slice(0, -1).join(', ')} and ${last}` : labels.join(' and ');
  return `Then the ${labels.length === 1 ? `logit of ${last} is` : `logits of ${words} are`} read.`;
}

/** A prompt as the model saw it: wording, query and passages told apart, what was cut struck out, tokens on demand. */
export function PromptView({ title, prompt, open, tokens: first = false }: Props) {
  const [tokens, setTokens] = useState(first);
  const { parts, decoderPrefix, labels } = prompt;
  return (
    <details className="prompt-view" open={open}>
      <summary>
        {title} <span className="muted">{prompt.tokens.length} tokens</span>
      </summary>
      <label className="prompt-tokens-switch">
        <input type="checkbox" checked={tokens} onChange={() => setTokens(!tokens)} /> Show tokens
      </label>
      {tokens ? (
        <p className="prompt-tokens mono">
          {prompt.tokens.map((token, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text, in its order.
            <span key={i} className="prompt-token">
              {token}
            </span>
          ))}
        </p>
      ) : (
        <p className="prompt-text" dir="auto">
          {parts.map(({ text, slot, lost }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in its order.
            <span key={i} className={slot ? 'prompt-slot' : undefined} data-slot={slot}>
              {text}
              {lost && (
                <del className="prompt-lost" title="Cut: the model does not see this">
                  {lost}
                </del>
              )}
            </span>
          ))}
        </p>
      )}
      <p className="muted">
        {tokens && '“▁” is a space, “</s>” the end. '}
        {decoderPrefix && <>The decoder has said “{decoderPrefix}”. </>}
        {readOf(labels)}
      </p>
    </details>
  );
}
