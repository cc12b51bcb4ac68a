/**
 * The parity probe: WebGPU has given finite but wrong numbers before (field notes: q8 sequence
 * models, attention with a bias), so a device is believed only after it agreed with the CPU on a
 * few prompts of the checkpoint at hand.
 */
import { logitsOf } from './loaded-model.ts';
import type { RankerModel } from './ranker-model.ts';
import type { Prompt } from './scorer.ts';
import { fillerText } from './warm-up.ts';

export interface Parity {
  readonly agrees: boolean;
  /** Largest difference of a logit. */
  readonly worst: number;
  /** Largest difference allowed. */
  readonly allowed: number;
}

/** Blocks of 8 or 4 bits are unpacked to the same numbers on both sides: only rounding may differ. */
const ALLOWED = 2e-2;

/** A short prompt, a longer one and one of a passage's length. */
export const PROBE_TEXTS: readonly string[] = [12, 30, 60].map(fillerText);

/** Logits of the probe's prompts, prompt by prompt, of each label by label. */
export async function probeLogits(
  scorer: RankerModel,
  labels: readonly string[],
  texts: readonly string[] = PROBE_TEXTS,
): Promise<number[]> {
  const prompts: Prompt[] = texts.map((text) => ({
    parts: [{ text, slot: 'passage', cut: true }],
    decoderPrefix: '',
    labels,
  }));
  return logits(scorer, prompts);
}

/** @param candidate and `yardstick`: `probeLogits` of the same checkpoint on two devices */
export function compareLogits(candidate: readonly number[], yardstick: readonly number[]): Parity {
  const worst = candidate.reduce((most, value, i) => {
    const difference = Math.abs(value - yardstick[i]!);
    return Number.isFinite(difference) ? Math.max(most, difference) : Number.POSITIVE_INFINITY;
  }, 0);
  return { agrees: worst <= ALLOWED, worst, allowed: ALLOWED };
}

async function logits(scorer: RankerModel, prompts: readonly Prompt[]): Promise<number[]> {
  const width = prompts[0]!.labels.length;
  const out = new Array<number>(prompts.length * width).fill(Number.NaN);
  for await (const batch of logitsOf(scorer, prompts)) {
    batch.indices.forEach((prompt, row) => {
      for (let k = 0; k < width; k++) out[prompt * width + k] = batch.logits[row * width + k]!;
    });
  }
  return out;
}
