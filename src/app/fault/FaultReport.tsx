import { messageOf } from '../../errors.ts';
import { CopyButton } from '../playground/CopyButton.tsx';
import { Button } from '../ui/Button.tsx';

interface Props {
  readonly part: string;
  readonly place: 'screen' | 'part';
  readonly thrown: unknown;
  /** React's stack of components. */
  readonly components: string;
  readonly times: number;
  readonly onAgain: () => void;
}

const STILL = { screen: 'The other tabs still work.', part: 'The rest of the page still works.' } as const;

/** What happened, and that nothing is lost by it. */
export function FaultReport({ place, thrown, times }: Props) {
  return (
    <>
      <p role="alert">
        {times > 1 ? 'It failed again' : 'This is a bug in Rankscope, not something you did'}:{' '}
        <code>{messageOf(thrown) || 'no reason was given'}</code>
      </p>
      <p>
        Your corpus, query, grades and results are kept.{' '}
        {times > 1 ? 'Reload the page, or go on in another tab.' : STILL[place]}
      </p>
    </>
  );
}

/** Folded: what “Copy details” copies. */
export function FaultDetails({ part, thrown, components }: Props) {
  return (
    <details className="fault-details">
      <summary>Details</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key. */}
      <pre tabIndex={0}>{faultDetails(part, thrown, components)}</pre>
    </details>
  );
}

export function FaultActions({ part, thrown, components, times, onAgain }: Props) {
  return (
    <>
      <Button kind="primary" onClick={onAgain}>
        Try again
      </Button>
      <CopyButton
        small={false}
        text={faultDetails(part, thrown, components)}
        name="Copy details"
        failed="The browser did not allow copying. Open “Details” and select the text."
      >
        Copy details
      </CopyButton>
      {times > 1 && <Button onClick={() => location.reload()}>Reload the page</Button>}
    </>
  );
}

/** What a report to us needs. Of the address only the screen: what follows `?` may be somebody's text. */
export function faultDetails(part: string, thrown: unknown, components: string): string {
  const screen = location.hash.replace(/[?=].*$/s, '') || '#/';
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return [
    `Rankscope: ${part} could not be shown`,
    `Screen: ${screen}`,
    `Browser: ${navigator.userAgent}`,
    stack?.includes(messageOf(thrown)) ? stack : [String(thrown), stack ?? ''].join('\n'),
    `In:${components}`,
  ]
    .join('\n')
    .trim();
}
