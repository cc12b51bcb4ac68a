import { costOfTokens } from '../../remote/cost.ts';
import { serviceNamed, useRemote } from '../../state/remote/remote.ts';
import { counted, formatCost, formatNumber } from '../ui/numbers.ts';

/** What a service was asked since it was connected, as it counts. */
export function RemoteUse({ id, className }: { readonly id: string | null; readonly className?: string }) {
  const service = useRemote((s) => serviceNamed(id, s));
  if (!service || service.counts.requests === 0) return null;
  const { price, counts, waiting } = service;
  const { requests, answers, inputTokens, outputTokens, uncounted, unreadable, byWords } = counts;
  const parts = [
    counted(requests, 'request'),
    `${formatNumber(inputTokens)} + ${formatNumber(outputTokens)} tokens`,
  ];
  if (price) parts.push(`cost ${formatCost(costOfTokens(counts, price))}`);
  if (uncounted > 0)
    parts.push(`${formatNumber(uncounted)} of ${counted(answers, 'answer')} without a count`);
  if (byWords > 0) parts.push(`${formatNumber(byWords)} read by their words`);
  if (unreadable > 0) parts.push(`${formatNumber(unreadable)} unreadable, taken as ties`);
  return (
    <div className={className} data-remote-use>
      <span
        className="muted"
        title="Input and output tokens as the service counts them, since it was connected"
      >
        {parts.join(' · ')}
      </span>
      {waiting !== null && <span role="status">{waiting}</span>}
    </div>
  );
}
