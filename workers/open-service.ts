/** A service as the scorer worker holds a checkpoint. */
import { remoteCard } from '../src/checkpoint/remote-card.ts';
import type { SeenPrompt } from '../src/inference/seen-prompt.ts';
import { aboutTokens } from '../src/remote/cost.ts';
import { openRemote, type RemoteOptions } from '../src/remote/remote-model.ts';
import type { LoadedCheckpoint, LoadedScorer } from './scorer-host.ts';

/** @throws RankscopeError 'bad-input' for an address or key that cannot be used */
export async function openService(
  options: Pick<RemoteOptions, 'endpoint' | 'model' | 'key'>,
): Promise<LoadedCheckpoint> {
  const remote = await openRemote(options);
  const own = {
    tokenizer: { count: aboutTokens },
    see: (prompts: Parameters<LoadedScorer['see']>[0]) => prompts.map(seen),
    dispose: () => Promise.resolve(),
  };
  // One for rerank requests alone has no `score`; methods look for what they need (ranking/needs.ts).
  const scorer = Object.assign(remote, own) as LoadedScorer;
  return { card: remoteCard(remote.info), scorer, bytes: 0, loadMs: 0, compileMs: 0 };
}

/** As it is sent; only the service knows its tokens. */
const seen = ({ parts, labels, decoderPrefix }: Parameters<LoadedScorer['see']>[0][number]): SeenPrompt => ({
  parts: parts.map(({ text, slot }) => ({ text, slot, lost: '' })),
  tokens: [],
  labels,
  decoderPrefix,
});
