import { useEffect } from 'react';
import { type Notice, useNotices } from '../state/notices.ts';
import { Button } from './ui/Button.tsx';
import { Icon } from './ui/Icon.tsx';
import './notices.css';

/** How long a mere information stays; what needs an answer stays until it is answered. */
const stay = 9_000;

/** Messages that belong to no column. The list is there from the start, so that screen readers notice additions. */
export function Notices() {
  const notices = useNotices((s) => s.notices);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeBox({ notice }: { readonly notice: Notice }) {
  const dismiss = useNotices((s) => s.dismiss);
  useEffect(() => {
    if (notice.kind !== 'info' || notice.action) return;
    const timer = setTimeout(() => dismiss(notice.id), stay);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className="notice" data-kind={notice.kind}>
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
