import type { CSSProperties } from 'react';
import { type SpeedSide, type SpeedUp, useSpeedUp } from '../../state/readings/selectors.ts';
import { useRun } from '../../state/run/run.ts';
import { counted, formatMs, formatNumber } from '../ui/numbers.ts';
import { Popover } from '../ui/Popover.tsx';
import { type ShownAs, shownNames, useShownAs } from './methods.ts';
import './strip.css';

/** `×15.7`, `×38`, `×0.82`: as many digits as a measured ratio deserves. */
export function formatRatio(ratio: number): string {
  return `×${ratio >= 20 ? Math.round(ratio) : ratio >= 1 ? ratio.toFixed(1) : ratio.toFixed(2)}`;
}

function Side({
  method,
  side,
  longest,
}: {
  readonly method: ShownAs;
  readonly side: SpeedSide | null;
  readonly longest: number;
}) {
  const share = side && longest > 0 ? Math.max(0.004, side.seconds / longest) : 0;
  return (
    <div className="strip-side" data-method={method}>
      <span className="strip-name">{shownNames[method]}</span>
      <span className="strip-track">
        <span
          className="strip-bar"
          style={{ width: `calc((100% - var(--figures)) * ${share})` }}
          data-none={!side || undefined}
        />
        {side ? (
          <span className="strip-figures">
            <strong>{formatMs(side.seconds * 1000)}</strong> {callsText(side)}
            <span className="strip-cached">{cachedText(side)}</span>
            {endText(side)}
          </span>
        ) : (
          <span className="strip-figures">–</span>
        )}
      </span>
    </div>
  );
}

/** The measured speed-up between student and teacher; opens its own definition. */
export function SpeedStrip() {
  const speed = useSpeedUp();
  const recorded = useRun((s) => s.aside !== null);
  const student = useShownAs('student');
  const sides = speed.kind === 'hidden' ? null : speed;
  const longest = Math.max(sides?.student?.seconds ?? 0, sides?.teacher?.seconds ?? 0);
  const both = [sides?.student, sides?.teacher].filter((side) => side != null);
  const room = {
    '--characters': Math.max(0, ...both.map((side) => charactersOf(side, cachedText(side)))),
    '--characters-short': Math.max(0, ...both.map((side) => charactersOf(side, ''))),
  } as CSSProperties;
  return (
    <div className="strip" data-recorded={recorded || undefined}>
      <div className="strip-bars" style={room}>
        <Side method={student} side={sides?.student ?? null} longest={longest} />
        <Side method="teacher" side={sides?.teacher ?? null} longest={longest} />
      </div>
      <div className="strip-result">
        <Headline speed={speed} recorded={recorded} />
      </div>
    </div>
  );
}

/** Both have finished. */
type Compared = Extract<SpeedUp, { kind: 'ratio' | 'cached' }>;

function Headline({ speed, recorded }: { readonly speed: SpeedUp; readonly recorded: boolean }) {
  const student = shownNames[useShownAs('student')];
  if (speed.kind === 'hidden' || speed.kind === 'so-far')
    return <p className="strip-reason">{speed.reason}</p>;
  return (
    <Popover
      title="What the speed-up means"
      className="strip-open"
      more="what the speed-up means"
      trigger={
        <>
          <span className="strip-ratio" data-kind={speed.kind}>
            {speed.kind === 'ratio' ? formatRatio(speed.ratio) : `${formatNumber(speed.cached)} cached`}
          </span>
          <span className="strip-note">
            {callsLine(speed)}
            {recorded && ' · recorded'}
          </span>
        </>
      }
    >
      <h3>{headline(speed)}</h3>
      {speed.kind === 'ratio' ? (
        <p>
          The teacher’s seconds divided by the {student.toLowerCase()}’s, for the same candidates. Both were
          warm and every call was really made in this run. Loading and compiling are not in it.
        </p>
      ) : (
        <p>
          {counted(speed.cached, 'answer')} came from earlier runs, so there is no fair ratio for this one.
          The bars show the times measured when each call was made.
        </p>
      )}
      {speed.kind === 'ratio' && speed.raced && (
        <p>Both models ran at the same time (race), so each slowed the other’s clock.</p>
      )}
      <p className="muted">
        {student}: {callsOf(speed.student)} in {formatMs(speed.student.seconds * 1000)},{' '}
        {speed.student.conditions}
        <br />
        Teacher: {callsOf(speed.teacher)} in {formatMs(speed.teacher.seconds * 1000)},{' '}
        {speed.teacher.conditions}
      </p>
    </Popover>
  );
}

const callsText = (side: SpeedSide): string => counted(side.calls + side.cached, 'call');

/** Empty where all calls were made in this run. */
const cachedText = (side: SpeedSide): string =>
  side.cached > 0 ? `, ${formatNumber(side.cached)} cached` : '';

const endText = (side: SpeedSide): string => (side.ended ? '' : ' so far');

/** `10 calls`, or `14 calls, 10 cached` where not all were made in this run. */
const callsOf = (side: SpeedSide): string => `${callsText(side)}${cachedText(side)}`;

/** Characters that `Side` writes beside a bar: the more, the less room for the bars. */
const charactersOf = (side: SpeedSide, cached: string): number =>
  `${formatMs(side.seconds * 1000)} ${callsText(side)}${cached}${endText(side)}`.length;

function callsLine(speed: Compared): string {
  const { student, teacher } = speed;
  const calls = `${counted(student.calls + student.cached, 'call')} against ${formatNumber(teacher.calls + teacher.cached)}`;
  return speed.kind === 'ratio' && speed.raced ? `${calls} · race` : calls;
}

function headline(speed: Compared): string {
  return speed.kind === 'ratio'
    ? `${formatRatio(speed.ratio)}, ${callsLine(speed)}`
    : `${counted(speed.cached, 'answer')} from the cache`;
}
