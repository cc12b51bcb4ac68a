/** A training in sentences: what it will take, how it goes, how it ended. */
import { counted } from '../../src/formats/excerpt.ts';
import { count, duration } from '../cli/progress.ts';
import { bytesText } from '../node/machine.ts';
import type { TrainEstimate, TrainSummary, ValidationPoint } from './train-request.ts';

export function estimateLines(estimate: TrainEstimate): string[] {
  const { steps, stepsLeft, lists, passages, validationLists, cut, meanTokens, longestTokens, free } =
    estimate;
  const left =
    stepsLeft < steps ? `${count(stepsLeft)} of ${counted(steps, 'step')} left` : counted(steps, 'step');
  const cutText = cut > 0 ? `, ${counted(cut, 'prompt')} cut to fit` : '';
  return [
    `${counted(lists, 'list')} with ${counted(passages, 'passage')} to learn from, ${count(validationLists)} held out${leftOutText(estimate)}; ` +
      `${Math.round(meanTokens)} tokens per prompt, the longest ${longestTokens}${cutText}.`,
    `${left}, about ${duration(estimate.seconds)} (${duration(estimate.secondsPerStep)} per step, measured on some of the lists); ` +
      `${bytesText(estimate.memoryBytes)} of memory (${bytesText(free.memoryBytes)} are free), ${bytesText(estimate.diskBytes)} on disk.`,
  ];
}

function leftOutText({ leftOut: { short, noPair, held } }: TrainEstimate): string {
  const parts = [
    [short, 'with fewer than two passages'],
    [noPair, 'scored all alike'],
    [held, 'also among those held out'],
  ] as const;
  const some = parts.filter(([lists]) => lists > 0).map(([lists, why]) => `${count(lists)} ${why}`);
  return some.length === 0 ? '' : `, left out: ${some.join(', ')}`;
}

const NAMES: Readonly<Record<string, string>> = {
  teacherAgreement: 'agreement with the teacher',
  kendallTau: 'Kendall τ',
  ndcg10: 'nDCG@10',
};

/** `Step 20: agreement with the teacher 0.812, Kendall τ 0.601`. */
export function validationLine({ step, values }: ValidationPoint): string {
  const parts = Object.entries(values).map(([name, value]) => `${NAMES[name] ?? name} ${value.toFixed(4)}`);
  return `Step ${count(step)}: ${parts.join(', ')}`;
}

export function summaryLines({
  steps,
  best,
  validation,
  seconds,
  output,
  lossCurve,
}: TrainSummary): string[] {
  const resumed = steps.resumed > 0 ? ` (${count(steps.resumed)} already done)` : '';
  const [first, last] = [lossCurve[0], lossCurve.at(-1)];
  const loss = first && last ? `; loss ${first[1].toFixed(4)} at first, ${last[1].toFixed(4)} at last` : '';
  const kept = validation.find(({ step }) => step === best?.step);
  return [
    `${counted(steps.done, 'step')}${resumed} in ${duration(seconds)}${loss}.`,
    ...(steps.skipped ? [skippedLine(steps.skipped)] : []),
    ...(validation[0] ? [validationLine(validation[0])] : []),
    ...(kept && kept.step > 0 ? [validationLine(kept)] : []),
    `The weights of step ${count(best?.step ?? steps.done)} are in ${output}: ${whyKept(best)}.`,
    ...(best?.step === 0 && steps.done > 0
      ? ['No step was better than the start: try another rate, or more lists.']
      : []),
    `For the page: npm run trainer -- export --checkpoint ${output} --output DIR`,
  ];
}

const skippedLine = (steps: number) =>
  `${counted(steps, 'step')} changed nothing because the gradient was not a number: a smaller --learning-rate may do better.`;

function whyKept(best: TrainSummary['best']): string {
  if (best?.by === 'ndcg') return 'the highest nDCG@10';
  return best?.by === 'agreement' ? 'they agree best with the teacher' : 'the last';
}
