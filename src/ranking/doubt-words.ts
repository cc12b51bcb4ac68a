/** A doubt in plain words: what was seen, what follows from it, and why it may be. */
import type { Doubt, DoubtKind } from './doubts.ts';

/** What is known of a ranking that may explain a doubt. */
export interface Circumstances {
  /** How the input's order is called: "BM25", "the first stage". */
  readonly input: string;
  /** Whether the checkpoint was trained on the prompt's wording; absent: not known. */
  readonly trained?: boolean;
  /** All passages have the same text. */
  readonly sameTexts?: boolean;
  /** All passages were cut to fit. */
  readonly allCut?: boolean;
}

/** What was seen, as one sentence. */
export function doubtText(doubt: Doubt, { input }: Pick<Circumstances, 'input'>): string {
  const still = `so the order is still that of ${input}`;
  switch (doubt.kind) {
    case 'same-scores':
      return `All ${doubt.passages} passages got the same score, ${still}.`;
    case 'same-logits':
      return `Both passages got the same logit in every comparison, ${still}.`;
    case 'one-position':
      return `The passage shown ${doubt.position} won ${share(doubt)} comparisons, whichever passages they were, so the order says little about them.`;
    case 'few-winners':
      return doubt.winners === 0
        ? `None of the ${doubt.pairs} pairs has a winner: asked in the other order, the answer flipped each time, ${still}.`
        : `Only ${doubt.winners} of the ${doubt.pairs} pairs have a winner: asked in the other order, the answer flipped, so the order says little.`;
    case 'saturated':
      return `${percent(doubt.share)} of the ${doubt.calls} answers have a probability beyond .999, so how narrow a call was cannot be told from it.`;
    case 'malformed':
      return `${doubt.malformed} of the ${doubt.answers} answers were not complete lists of the passages shown and had to be repaired, so the order says little.`;
    case 'labels-unlikely':
      return `Of its whole vocabulary, the model gives the words it is asked for ${percent(doubt.probability)} of the probability, so ranking by it says little.`;
    case 'same-order':
      return `The order of all ${doubt.passages} passages is exactly that of ${input}.`;
  }
}

/** Why it may be. What is known for certain goes before what can only be guessed. */
export function doubtReason(kind: DoubtKind, known: Circumstances): string {
  if (kind === 'same-order') {
    return 'The model may agree with it throughout, or the candidates may come from this very model.';
  }
  if (kind === 'saturated') {
    return 'The passages may differ that plainly, or training has driven the logits apart. The order stands; do not read its probabilities as doubt.';
  }
  if (known.sameTexts) return 'All passages have the same text.';
  if (known.trained === false) return 'The model was not trained on this prompt.';
  if (kind === 'labels-unlikely') {
    return 'It may have been trained on the logits of these words alone, as by this trainer: rank by them, without true probabilities.';
  }
  const cut = known.allCut ? ' All passages were cut to fit: what tells them apart may be gone.' : '';
  const guess = known.trained
    ? 'This may be the wrong checkpoint, or the passages may be too alike for it.'
    : 'This may be the wrong checkpoint, or a prompt it was not trained on.';
  return `${guess}${cut}`;
}

function share({ share: won, decisions }: Extract<Doubt, { kind: 'one-position' }>): string {
  return won === 1 ? `all ${decisions}` : `${percent(won)} of the ${decisions}`;
}

/** `98.5 %`, `0.02 %`: two digits where it is small. */
function percent(part: number): string {
  const value = 100 * part;
  if (value >= 1) return `${value.toFixed(1)} %`;
  return value < 0.001 ? 'under 0.001 %' : `${Number(value.toPrecision(1))} %`;
}

/** What was seen in some of many queries, as the end of a sentence that begins with how many. */
export function doubtAcross(kind: DoubtKind, input: string): string {
  switch (kind) {
    case 'same-scores':
      return 'all passages got the same score';
    case 'same-logits':
      return 'both passages got the same logit in every comparison';
    case 'one-position':
      return 'one place in the prompt won (nearly) all comparisons, whichever passages stood there';
    case 'few-winners':
      return 'hardly any pair has a winner: asked in the other order, the answer flipped';
    case 'saturated':
      return 'nearly all answers have a probability beyond .999, whether the call was narrow or not';
    case 'malformed':
      return 'most answers were not complete lists of the passages shown and had to be repaired';
    case 'labels-unlikely':
      return 'the words the model is asked for have almost none of the probability';
    case 'same-order':
      return `the order is exactly that of ${input}`;
  }
}
