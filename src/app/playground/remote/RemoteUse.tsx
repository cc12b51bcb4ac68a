import { costOfTokens } from '../../../remote/cost.ts';
import { asksRemote, useRemote } from '../../../state/remote/remote.ts';
import { useSettings } from '../../../state/settings.ts';
import { counted, formatCost, formatNumber } from '../../ui/numbers.ts';

/** What the service was asked since it was connected, as it counts. */
export function RemoteUse() {
  const { choice, counts } = useRemote();
  const isAsked = useSettings((s) => asksRemote(s.models.teacher));
  if (!isAsked || !counts || counts.requests === 0) return null;
  const { requests, answers, inputTokens, outputTokens, uncounted, unreadable, byWords } = counts;
  const parts = [
    counted(requests, 'request'),
    `${formatNumber(inputTokens)} + ${formatNumber(outputTokens)} tokens`,
  ];
  if (choice?.price) parts.push(`cost ${formatCost(costOfTokens(counts, choice.price))}`);
  if (uncounted > 0)
    parts.push(`${formatNumber(uncounted)} of ${counted(answers, 'answer')} without a count`);
  if (byWords > 0) parts.push(`${formatNumber(byWords)} read by their words`);
  if (unreadable > 0) parts.push(`${formatNumber(unreadable)} unreadable, taken as ties`);
  return (
    <div className="column-line column-facts" data-remote-use>
      <span
        className="muted"
        title="Input and output tokens as the service counts them, since it was connected"
      >
        {parts.join(' · ')}
      </span>
    </div>
  );
}
