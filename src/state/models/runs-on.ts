/** Which models a method can be asked of, as far as that is known before they are loaded. */
import { KIND_GIVES } from '../../checkpoint/kind-gives.ts';
import type { MethodDescriptor } from '../../ranking/methods/descriptor.ts';
import { readAddress } from '../../remote/address.ts';
import type { ModelEntry } from './models.ts';

/**
 * Of this machine's models the kind of folder tells (a cross-encoder scores query and passage, and does nothing else); one
 * that comes with the page, or is not known yet, is a T5. Only a service can rank by itself, one whose address is for that
 * alone can do nothing else, and none tells how likely a given text is. Where an answer is read from words one label says
 * nothing, so services are asked for two or more.
 */
export function runsOn(
  { needs, labels }: Pick<MethodDescriptor, 'needs' | 'labels'>,
  entry: Pick<ModelEntry, 'remote' | 'stored'> | undefined,
): boolean {
  if (!entry?.remote) return KIND_GIVES[entry?.stored?.kind ?? 'fused-t5'].includes(needs);
  const { chat, rerank } = readAddress(entry.remote.endpoint);
  if (needs === 'remote') return rerank !== undefined;
  return chat !== undefined && (needs === 'generation' || (needs === 'logits' && labels !== 1));
}
