import type { RemoteAsk } from '../../state/run/run.ts';
import { counted, formatCost, formatNumber } from '../ui/numbers.ts';

/** What leaves this machine, where to, and what it comes to. */
export function RemoteWords({
  ask: { host, calls, upperBound, inputTokens, outputTokens, cost },
  what = 'The query and its candidates are',
}: {
  readonly ask: RemoteAsk;
  /** Begins “… sent there.” */
  readonly what?: string;
}) {
  return (
    <p>
      {upperBound && 'Up to '}
      {counted(calls, 'call')} to <strong>{host}</strong>
      {inputTokens !== null && `, about ${formatNumber(inputTokens)} input tokens`}
      {outputTokens > 0 && ` and at most ${formatNumber(outputTokens)} output tokens`}
      {cost !== null && `: about ${formatCost(cost)} at your price`}. {what} sent there.
    </p>
  );
}
