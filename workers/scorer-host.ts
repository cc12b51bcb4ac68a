/** What ScorerService needs of the world: checkpoints and runtimes. The worker has the real ones, tests their own. */
import { kindNamed } from '../src/checkpoint/kinds.ts';
import type { OpenedCheckpoint, OpenOptions } from '../src/checkpoint/open-checkpoint.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import type { Prompt, PromptLimits, Scorer } from '../src/inference/scorer.ts';
import type { SeenPrompt } from '../src/inference/seen-prompt.ts';
import { BlobFolder } from '../src/sources/blob-folder.ts';
import type { LoadRequest } from '../src/workers/scorer-protocol.ts';
import { httpFolder } from './http-folder.ts';
import { hasRealGpu, wasmRuntime, wasmThreads, webgpuRuntime } from './web-runtime.ts';

/** A scorer that counts tokens, shows prompts as it reads them, and can be freed. */
export interface LoadedScorer extends Scorer {
  readonly tokenizer: { count(text: string): number };
  see(prompts: readonly Prompt[], limits?: Partial<PromptLimits>): SeenPrompt[];
  dispose(): Promise<void>;
}

export interface LoadedCheckpoint extends Omit<OpenedCheckpoint, 'scorer'> {
  readonly scorer: LoadedScorer;
}

export interface ScorerHost {
  open(request: LoadRequest, runtime: Runtime, options: OpenOptions): Promise<LoadedCheckpoint>;
  /** @param threads absent: what the page and its cores allow */
  wasm(threads?: number): Promise<Runtime>;
  /** @throws RankscopeError 'device' when there is no adapter. */
  webgpu(): Promise<Runtime>;
  /** False for software adapters. */
  hasRealGpu(): Promise<boolean>;
  /** Events of cached answers come thousands at a time: they are sent together, at most so many milliseconds late. */
  readonly flushMs: number;
}

export const webHost: ScorerHost = {
  open: ({ url, files, kind = 'fused-t5' }, runtime, options) =>
    kindNamed(kind).open(files ? new BlobFolder(url, files) : httpFolder(url), runtime, options),
  wasm: (threads) => wasmRuntime(wasmThreads(threads)),
  webgpu: webgpuRuntime,
  hasRealGpu,
  flushMs: 12,
};
