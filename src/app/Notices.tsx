import { useEffect, useState } from 'react';
import { type Notice, useNotices } from '../state/notices.ts';
import { Button } from './ui/Button.tsx';
import { Icon } from './ui/Icon.tsx';
import './notices.css';

/** How long a mere information stays; what needs an answer stays until it is answered. */
const stay = 9_000;

/** So many are shown at once, the newest: they lie over the page. */
const SHOWN = 2;

/** Messages that belong to no column. The list is there from the start, so that screen readers notice additions. */
export function Notices() {
  const notices = useNotices((s) => s.notices);
  const dismiss = useNotices((s) => s.dismiss);
  const [all, setAll] = useState(false);
  const older = Math.max(0, notices.length - SHOWN);
  // Unfolded is for those that were there.
  useEffect(() => {
    if (older === 0) setAll(false);
  }, [older]);
  return (
    <div className="notices-place">
      {older > 0 && (
        <p className="notices-older">
          <Button small aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `${older} more`}
          </Button>
          <Button
            small
            onClick={() => {
              for (const { id } of notices) dismiss(id);
            }}
          >
            Dismiss all
          </Button>
        </p>
      )}
      <div className="notices" role="log" aria-live="polite" aria-label="Notices">
        {notices.map((notice, i) => (
          <NoticeBox key={notice.id} notice={notice} folded={i < older && !all} />
        ))}
      </div>
    </div>
  );
}

function NoticeBox({ notice, folded }: { readonly notice: Notice; readonly folded: boolean }) {
  const dismiss = useNotices((s) => s.dismiss);
  useEffect(() => {
    if (notice.kind !== 'info' || notice.action) return;
    const timer = setTimeout(() => dismiss(notice.id), stay);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className="notice" data-kind={notice.kind} hidden={folded}>
      <Icon name={notice.kind === 'info' ? 'info' : 'warn'} />
      <p>{notice.message}</p>
      {notice.action && (
        <Button
          small
          onClick={() => {
            notice.action?.run();
            dismiss(notice.id);
          }}
        >
          {notice.action.label}
        </Button>
      )}
      <Button
        kind="quiet"
        small
        className="notice-close"
        aria-label="Dismiss"
        onClick={() => dismiss(notice.id)}
      >
        <Icon name="close" size={14} />
      </Button>
    </div>
  );
}
