/** What models of a kind of folder can do, known before one is opened: apart from kinds.ts, which brings what opens them. */
import type { Capability } from '../inference/ranker-model.ts';

export type CheckpointKindId = 'fused-t5' | 'encoder-decoder' | 'text-classification';

const T5: readonly Capability[] = ['logits', 'likelihood', 'generation'];

export const KIND_GIVES: Readonly<Record<CheckpointKindId, readonly Capability[]>> = {
  'fused-t5': T5,
  'encoder-decoder': T5,
  'text-classification': ['relevance'],
};
