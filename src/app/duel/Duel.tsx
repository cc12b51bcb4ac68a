import { useEffect, useMemo, useState } from 'react';
import { type DuelJudges, duelRoom } from '../../analysis/duel.ts';
import { useCorpus } from '../../state/corpus/corpus.ts';
import {
  beginDuel,
  type Duel as DuelOf,
  duelKey,
  judgesOf,
  useDuelSource,
  useDuels,
} from '../../state/duel.ts';
import { usePresent } from '../../state/present.ts';
import { openSampleRecording } from '../../state/recording/opened.ts';
import { endReplay } from '../../state/recording/replay.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';
import { DuelPairView } from './DuelPairView.tsx';
import { DuelResults } from './DuelResults.tsx';
import { DuelStart } from './DuelStart.tsx';
import { useKeys } from './useKeys.ts';
import './duel.css';

const leave = (): void => {
  location.hash = '#/';
};

/** People decide first; then what teacher and student said stands beside their answers. A screen of its own, for a room or a phone. */
export function Duel() {
  const { run, student, active, recorded } = useDuelSource();
  const duels = useDuels((s) => s.duels);
  const judges = useMemo(() => run && judgesOf(run, student), [run, student]);
  const room = useMemo(() => (judges ? duelRoom(judges) : 0), [judges]);
  useSampleOfAddress();
  // A decision opens from what the columns show: all of the recording.
  useEffect(() => endReplay(), []);
  useKeys((event) => (event.key === 'Escape' ? leave : undefined));
  const key = run && duelKey(run.set);
  const duel = duels.find((one) => one.key === key);
  return (
    <main className="duel" data-replay={recorded ? 'true' : undefined}>
      <header className="duel-head">
        <p className="duel-name">Duel</p>
        {recorded && (
          <strong
            className="recording-mark"
            title="Teacher and student answer as recorded; no model is asked"
          >
            Replay
          </strong>
        )}
        <Button shortcut="Esc" keys="Escape" onClick={leave}>
          Leave
        </Button>
      </header>
      {active ? (
        <p role="status" className="duel-text">
          A ranking is running. The duel begins when it has ended.
        </p>
      ) : run && judges && room > 0 ? (
        <Contest key={key} run={run} judges={judges} room={room} duel={duel} />
      ) : (
        <Nothing />
      )}
    </main>
  );
}

/** `#/duel?sample=town` opens the recorded run of that sample, once. */
function useSampleOfAddress(): void {
  const samples = useCorpus((s) => s.samples);
  useEffect(() => {
    const wanted = /^#\/duel\/?\?sample=([\w-]+)$/.exec(location.hash)?.[1];
    const sample = samples.find(({ id }) => id === wanted);
    if (!sample) return;
    history.replaceState(history.state, '', '#/duel');
    void openSampleRecording(sample.id, sample.title);
  }, [samples]);
}

function Nothing() {
  const samples = useCorpus((s) => s.samples);
  const origin = useCorpus((s) => s.origin);
  const sample = samples.find(({ id }) => id === origin) ?? samples[0];
  const presenting = usePresent((s) => s.on);
  return (
    <div className="duel-text">
      <h1 className="duel-query">Decide before the models do</h1>
      <p>
        A duel needs a teacher’s decisions between two passages: rank first
        {presenting ? '' : ' in the Playground'}, open a recording, or take one that this page has recorded.
      </p>
      {sample && (
        <p className="duel-actions">
          <Button kind="primary" onClick={() => void openSampleRecording(sample.id, sample.title)}>
            Use the recorded run of “{sample.title}”
          </Button>
        </p>
      )}
    </div>
  );
}

function Contest({
  run,
  judges,
  room,
  duel,
}: {
  readonly run: ComparingRun;
  readonly judges: DuelJudges;
  readonly room: number;
  readonly duel: DuelOf | undefined;
}) {
  /** Results before all pairs are answered. */
  const [early, setEarly] = useState(false);
  const key = duelKey(run.set);
  const begin = (count: number, more: boolean): void => {
    // Which pairs and sides: another draw each time.
    beginDuel(key, judges, count, crypto.getRandomValues(new Uint32Array(1))[0]!, more);
    setEarly(false);
  };
  if (!duel)
    return <DuelStart run={run} judges={judges} room={room} onBegin={(count) => begin(count, false)} />;
  const answered = duel.answers.length;
  if (answered < duel.pairs.length && !early) {
    return <DuelPairView run={run} duel={duel} onResults={() => setEarly(true)} />;
  }
  return (
    <DuelResults
      run={run}
      judges={judges}
      duel={duel}
      room={room}
      onContinue={() => setEarly(false)}
      onMore={(count) => begin(count, true)}
    />
  );
}
