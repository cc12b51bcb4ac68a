/** The one model of a run: a checkpoint on this machine, or a service that is asked over the network. */
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { remoteCard } from '../../src/checkpoint/remote-card.ts';
import type { RankerModel } from '../../src/inference/ranker-model.ts';
import { costOfTokens, type Price, type RemoteCounts } from '../../src/remote/cost.ts';
import { openRemote, type RemoteModel } from '../../src/remote/remote-model.ts';
import type { Waiting } from '../../src/waiting.ts';

/** Never written anywhere: it holds the key. */
export interface RemoteRequest {
  readonly endpoint: string;
  readonly model: string;
  readonly key: string;
  readonly parallel?: number;
  readonly price?: Price;
}

export interface AskedModel {
  readonly card: RankerCard;
  readonly scorer: RankerModel & { dispose(): Promise<void> };
  /** Where a service answers. */
  readonly remote?: RemoteModel;
  readonly loadMs: number;
  readonly compileMs: number;
}

/** Nothing is sent. @throws RankscopeError 'bad-input' for what is wrong with address, name or key */
export async function openService(
  { endpoint, model, key, parallel }: RemoteRequest,
  onWait?: (waiting: Waiting | null) => void,
): Promise<AskedModel & { readonly remote: RemoteModel }> {
  const remote = await openRemote({ endpoint, model, key, parallel, onWait });
  const scorer = Object.assign(remote, { dispose: () => Promise.resolve() });
  return { card: remoteCard(remote.info), scorer, remote, loadMs: 0, compileMs: 0 };
}

/** What was asked of a service, as summaries have it. */
export interface RemoteUse extends RemoteCounts {
  readonly service: string;
  /** In the currency of the price; absent without one. */
  readonly cost?: number;
}

export function remoteUse(remote: RemoteModel, price: Price | undefined): RemoteUse {
  const counts = remote.counts();
  return { service: remote.address.host, ...counts, cost: price && costOfTokens(counts, price) };
}
