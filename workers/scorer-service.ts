/** What the scorer worker does: holds one checkpoint and runs one ranking at a time on it. */
import { labelledTemplate } from '../src/checkpoint/labelled-template.ts';
import type { OpenOptions } from '../src/checkpoint/open-checkpoint.ts';
import type { CardProbe } from '../src/checkpoint/ranker-card.ts';
import { isAbort, messageOf, RankscopeError } from '../src/errors.ts';
import { deviceLost, isDeviceLost } from '../src/inference/device-lost.ts';
import {
  choose,
  type Offer,
  offersFor,
  type Wish,
  whyNot,
  whyNotWished,
} from '../src/inference/device-policy.ts';
import { compareLogits, PROBE_TEXTS, probeLogits } from '../src/inference/parity.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import type { SeenPrompt } from '../src/inference/seen-prompt.ts';
import { warmUp } from '../src/inference/warm-up.ts';
import type { CachedAnswer } from '../src/ranking/answer.ts';
import { ComparisonCache } from '../src/ranking/cache.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { keptOnly } from '../src/ranking/kept-only.ts';
import { askQuestions, promptsOf, type QuestionsJob, type SingleAnswer } from '../src/ranking/questions.ts';
import { givenChoices } from '../src/ranking/schedules/choices.ts';
import type { TimedEvent } from '../src/ranking/types.ts';
import type { RemoteNow } from '../src/remote/cost.ts';
import type { LoadProgress, LoadRequest, RankJob, ScorerReady } from '../src/workers/scorer-protocol.ts';
import { openService } from './open-service.ts';
import type { LoadedCheckpoint, ScorerHost } from './scorer-host.ts';
import type { WebMachine } from './web-machine.ts';

type OnEvents = (events: readonly TimedEvent[], fresh: readonly CachedAnswer[]) => void;

/** Shapes that a software adapter warms up take so long together. */
const SOFTWARE_MS = 1_500;
/**
 * It computes row after row: eight of them, most of padding, took 12 seconds for a question of one second (SwiftShader,
 * busy cores). Few shapes are as good for it as for a card.
 */
const SOFTWARE_BATCHING = { rows: 2 } as const;
/** Progress of a download is reported at most this often. */
const PROGRESS_MS = 80;

/** Of this machine, and what the checkpoint could run on here. */
interface Facts {
  readonly machine: WebMachine;
  readonly offers: readonly Offer[];
}

/** Logits that a device is held to, and what they are of. */
interface Yardstick extends Pick<CardProbe, 'prompts' | 'labels'> {
  readonly logits: readonly number[];
}

export class ScorerService {
  private readonly host: ScorerHost;
  private opened: LoadedCheckpoint | undefined;
  private running: AbortController | undefined;
  /** Settles when the device of `opened` has gone. */
  private lost: Promise<string> | undefined;
  private onSlowTexts: OpenOptions['onSlowTexts'];

  constructor(host: ScorerHost) {
    this.host = host;
  }

  /** @param onSlowTexts as ScorerWorkerApi says */
  async load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    onSlowTexts?: (notice: string) => void,
  ): Promise<ScorerReady> {
    await this.dispose();
    this.onSlowTexts = onSlowTexts;
    if (request.remote) return this.openService(request.remote);
    const machine = await this.host.machine();
    const offers = offersFor(machine, await this.host.size(request));
    const facts = { machine, offers };
    const device = request.device === 'cpu' ? 'wasm' : request.device;
    const { dtype, dtypes } = request;
    let taken = choose(offers, { device, dtype, dtypes });
    let failed: string | undefined;
    if (taken?.device === 'webgpu') {
      const onGpu = await this.openOnGpu({ ...request, dtype: taken.dtype }, facts, onProgress);
      if (onGpu.opened) {
        const told = joined(noticeOf(taken, offers, request), onGpu.notice);
        return { ...(await this.ready(onGpu.opened, facts, onProgress, told)), agreed: onGpu.agreed };
      }
      failed = onGpu.notice;
      taken = choose(offers, { device: 'wasm', dtype, dtypes });
    } else if (!taken && device === 'webgpu') {
      failed = unusable(whyNot(offers, device));
      taken = choose(offers, { device: 'wasm', dtype, dtypes });
    }
    if (!taken) throw notTaken(offers, device, failed);
    const runtime = await this.host.wasm(request.threads);
    const opened = await this.open({ ...request, dtype: taken.dtype }, runtime, onProgress);
    const instead = failed && `${failed} WASM is used instead.`;
    return this.ready(opened, facts, onProgress, joined(instead, noticeOf(taken, offers, request)));
  }

  async rank(job: RankJob, onEvents: OnEvents): Promise<void> {
    const { scorer } = this.loaded();
    const model = job.keptOnly ? keptOnly(scorer) : scorer;
    this.cancel();
    const running = new AbortController();
    this.running = running;
    const cache = new ComparisonCache(job.known);
    const { template, trueProbabilities, fusion, limits } = job;
    const method = createMethod(job.method, {
      ...givenChoices(job),
      template,
      cache,
      trueProbabilities,
      fusion,
      limits,
    });
    let pending: TimedEvent[] = [];
    let flushed = performance.now();
    const flush = () => {
      if (pending.length > 0) onEvents(pending, cache.takeFresh());
      pending = [];
      flushed = performance.now();
    };
    const { lost } = this;
    const work = async () => {
      for await (const event of method.rank(job.query, job.candidates, model, { signal: running.signal })) {
        pending.push(event);
        if (event.type === 'planned' || performance.now() - flushed > this.host.flushMs) flush();
      }
    };
    try {
      await withLoss(work(), lost);
    } catch (error) {
      // A run of the model that never comes back must not hold a later one up.
      running.abort();
      throw error;
    } finally {
      flush();
      if (this.running === running) this.running = undefined;
    }
  }

  /** Single questions, answered anew; as with `rank`, one job at a time. */
  async ask(job: QuestionsJob, onAnswers: (answers: readonly SingleAnswer[]) => void): Promise<void> {
    const { scorer } = this.loaded();
    this.cancel();
    const running = new AbortController();
    this.running = running;
    const work = async () => {
      for await (const answers of askQuestions(job, scorer, running.signal)) onAnswers(answers);
    };
    try {
      await withLoss(work(), this.lost);
    } finally {
      if (this.running === running) this.running = undefined;
    }
  }

  see(job: QuestionsJob): SeenPrompt[] {
    return this.loaded().scorer.see(promptsOf(job), job.limits);
  }

  cancel(): void {
    this.running?.abort();
  }

  countTokens(texts: readonly string[]): number[] {
    const { tokenizer } = this.loaded().scorer;
    return texts.map((text) => tokenizer.count(text));
  }

  counts(): RemoteNow | null {
    return this.opened?.scorer.counts?.() ?? null;
  }

  /** Nothing is sent before a ranking. */
  private async openService(remote: NonNullable<LoadRequest['remote']>): Promise<ScorerReady> {
    const { gpu } = await this.host.machine();
    this.opened = await openService(remote);
    const { card, scorer } = this.opened;
    const nothing = { bytes: 0, loadMs: 0, compileMs: 0, warmMs: 0, tokensPerSecond: 0, offers: [] };
    return { ...nothing, info: scorer.info, card, gpu };
  }

  private loaded(): LoadedCheckpoint {
    if (this.opened) return this.opened;
    throw new RankscopeError('worker', 'No model is loaded in this worker yet. Load one, then rank.');
  }

  async dispose(): Promise<void> {
    this.cancel();
    const opened = this.opened;
    this.opened = undefined;
    this.lost = undefined;
    await opened?.scorer.dispose();
  }

  /** WebGPU, believed only after it agreed with the CPU; otherwise a notice that says why not. */
  private async openOnGpu(
    request: LoadRequest,
    { machine, offers }: Facts,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<{ opened?: LoadedCheckpoint; agreed?: string; notice?: string }> {
    let opened: LoadedCheckpoint | undefined;
    try {
      const runtime = await this.host.webgpu();
      const batching = machine.gpu === 'software' ? SOFTWARE_BATCHING : undefined;
      opened = await this.open(request, runtime, onProgress, batching);
      const { digest, dtype } = opened.scorer.info;
      const agreed = [digest, runtime.version, machine.adapter].join('|');
      if (request.agreed?.includes(agreed)) {
        this.lost = runtime.lost;
        return { opened, agreed };
      }
      const yardstick = await this.yardstickOf(opened, { ...request, dtype }, offers);
      if (!yardstick) {
        this.lost = runtime.lost;
        return {
          opened,
          notice: 'The model is too large to be compared with the CPU: its numbers are unchecked.',
        };
      }
      const { labels, prompts, logits } = yardstick;
      const parity = compareLogits(await probeLogits(opened.scorer, labels, prompts), logits);
      if (parity.agrees) {
        this.lost = runtime.lost;
        return { opened, agreed };
      }
      await opened.scorer.dispose();
      const by = parity.worst.toPrecision(2);
      return {
        notice: `WebGPU disagreed with the CPU on this model (logits differ by ${by}).`,
      };
    } catch (error) {
      await opened?.scorer.dispose();
      if (isAbort(error)) throw error;
      // A damaged or missing checkpoint is not a fault of the device: WASM would fail the same way.
      if (error instanceof RankscopeError && error.code !== 'device' && error.code !== 'bad-input')
        throw error;
      const reason = messageOf(error);
      return { notice: unusable(reason) };
    }
  }

  /** What the CPU says of a few prompts: asked now, or of a model too large for that when its card was written. */
  private async yardstickOf(
    { scorer, card }: LoadedCheckpoint,
    request: LoadRequest,
    offers: readonly Offer[],
  ): Promise<Yardstick | undefined> {
    const { dtype } = scorer.info;
    const tooLarge = offers.some(
      (offer) => offer.device === 'wasm' && offer.dtype === dtype && offer.verdict === 'impossible',
    );
    if (tooLarge) {
      const logits = card.probe?.logits[dtype];
      return logits && { ...card.probe!, logits };
    }
    const { labels } = labelledTemplate(card);
    // The WASM build of its own: on the CPU the WebGPU build lacks GatherBlockQuantized (1.31.0-dev).
    return { labels, prompts: PROBE_TEXTS, logits: await this.host.yardstick(request, labels) };
  }

  private open(
    request: LoadRequest,
    runtime: Runtime,
    onProgress: (progress: LoadProgress) => void,
    batching?: OpenOptions['batching'],
  ): Promise<LoadedCheckpoint> {
    let reported = 0;
    return this.host.open(request, runtime, {
      dtype: request.dtype,
      batching,
      onDownload: (file, loaded, total) => {
        if (loaded < total && performance.now() - reported < PROGRESS_MS) return;
        reported = performance.now();
        onProgress({ phase: 'download', file, loaded, total });
      },
      onCompile: () => onProgress({ phase: 'compile' }),
      onSlowTexts: this.onSlowTexts,
    });
  }

  private async ready(
    opened: LoadedCheckpoint,
    { machine, offers }: Facts,
    onProgress: (progress: LoadProgress) => void,
    notice?: string,
  ): Promise<ScorerReady> {
    onProgress({ phase: 'warm' });
    const { warmMs, tokensPerSecond } = await warmUp(opened.scorer, labelledTemplate(opened.card), {
      shapes: opened.scorer.shapes,
      shapesMs: machine.gpu === 'real' ? undefined : SOFTWARE_MS,
      count: (text) => opened.scorer.tokenizer.count(text),
    });
    this.opened = opened;
    const { card, bytes, loadMs, compileMs, scorer } = opened;
    return {
      info: scorer.info,
      card,
      bytes,
      loadMs,
      compileMs,
      warmMs,
      tokensPerSecond,
      offers,
      gpu: machine.gpu,
      notice: joined(notice, opened.notice),
    };
  }
}

/** The risk of what is taken, and what was wished for and could not be had. */
function noticeOf(
  taken: Offer,
  offers: readonly Offer[],
  { dtype, dtypes }: LoadRequest,
): string | undefined {
  const risk = taken.verdict === 'risk' ? taken.reason : undefined;
  const other = dtype === undefined ? whyNotWished(offers, taken, dtypes) : undefined;
  return joined(risk, other);
}

const joined = (...notices: (string | undefined)[]): string | undefined =>
  notices.filter(Boolean).join(' ') || undefined;

/**
 * A model's run may fail before its device is said to be lost: so long is waited for the cause. The browser's graphics
 * process says it, and on busy cores a quarter of a second was too short for that.
 */
const CAUSE_MS = 5_000;

/** The work's end, or that of the device it is done on. @throws as the work; `deviceLost` where that is the cause */
async function withLoss(work: Promise<void>, lost: Promise<string> | undefined): Promise<void> {
  if (!lost) return work;
  const gone = lost.then((reason) => Promise.reject(deviceLost(reason)));
  gone.catch(() => {});
  try {
    await Promise.race([work, gone]);
  } catch (error) {
    if (isAbort(error) || isDeviceLost(error)) throw error;
    const late = new Promise<void>((resolve) => setTimeout(resolve, CAUSE_MS));
    await Promise.race([gone, late]);
    throw error;
  }
}

/** @param reason a sentence or several; runtimes end theirs in line breaks */
const unusable = (reason: string) => `WebGPU could not be used: ${reason.replace(/[.\s]+$/, '')}.`;

/** @param failed what happened to the device that was tried */
function notTaken(offers: readonly Offer[], device: Wish['device'], failed?: string): RankscopeError {
  const why = joined(failed, whyNot(offers, failed ? 'wasm' : device));
  const advice =
    device === 'auto' && offers.some(({ verdict }) => verdict === 'risk')
      ? ' Choose a device under “Where the models run” to try it all the same.'
      : ' Choose a smaller model.';
  return new RankscopeError('device', `The model is not started on this machine. ${why}${advice}`);
}
