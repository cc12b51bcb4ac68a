import {
  endReplay,
  pause,
  play,
  SPEEDS,
  type Speed,
  seek,
  setSpeed,
  step,
  useReplay,
} from '../../state/recording/replay.ts';
import { Button } from '../ui/Button.tsx';
import { formatMs } from '../ui/numbers.ts';

const speedNames: Readonly<Record<Speed, string>> = {
  0.25: '× ¼',
  0.5: '× ½',
  1: '× 1',
  2: '× 2',
  4: '× 4',
  10: '× 10',
};

/** Play, pause, step, scrub and speed. Times are the recorded ones. */
export function ReplayControls() {
  const { at, length, playing, speed } = useReplay();
  const on = at !== null;
  return (
    <fieldset className="replay">
      <legend className="visually-hidden">Replay</legend>
      <Button small kind={on ? 'plain' : 'primary'} onClick={() => (playing ? pause() : play())}>
        {playing ? 'Pause' : on && at < length ? 'Play' : 'Replay'}
      </Button>
      <Button small aria-label="Step back" title="The answer before" onClick={() => step(-1)}>
        −1
      </Button>
      <Button small aria-label="Step" title="The next answer" onClick={() => step(1)}>
        +1
      </Button>
      <select
        className="input replay-speed"
        aria-label="Speed"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value) as Speed)}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {speedNames[one]}
          </option>
        ))}
      </select>
      {on && (
        <>
          <input
            type="range"
            className="replay-scrub"
            aria-label="Moment"
            aria-valuetext={`${formatMs(at)} of ${formatMs(length)}`}
            min={0}
            max={length}
            step={length / 1000 || 1}
            value={at}
            onChange={(event) => {
              pause();
              seek(Number(event.target.value));
            }}
          />
          <span className="replay-at">
            {formatMs(at)} of {formatMs(length)}
          </span>
          <Button small onClick={endReplay}>
            End replay
          </Button>
        </>
      )}
    </fieldset>
  );
}
