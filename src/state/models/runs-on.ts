/** Which models a method can be asked of, as far as that is known before they are loaded. */
import type { MethodDescriptor } from '../../ranking/methods/descriptor.ts';
import { readAddress } from '../../remote/address.ts';
import type { ModelEntry } from './models.ts';

/**
 * Only a service can rank by itself, one whose address is for that alone can do nothing else, and none tells how likely a
 * given text is. Where an answer is read from words one label says nothing, so services are asked for two or more.
 */
export function runsOn(
  { needs, labels }: Pick<MethodDescriptor, 'needs' | 'labels'>,
  entry: Pick<ModelEntry, 'remote'> | undefined,
): boolean {
  if (!entry?.remote) return needs !== 'remote';
  const { chat, rerank } = readAddress(entry.remote.endpoint);
  if (needs === 'remote') return rerank !== undefined;
  return chat !== undefined && (needs === 'generation' || (needs === 'logits' && labels !== 1));
}
