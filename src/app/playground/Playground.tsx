import { useRef } from 'react';
import { setPresenting, usePresent } from '../../state/present.ts';
import { COLUMNS } from '../../state/run/run.ts';
import { DuelButton } from '../duel/DuelButton.tsx';
import { FaultBoundary } from '../fault/FaultBoundary.tsx';
import { InspectorDrawer } from '../inspector/InspectorDrawer.tsx';
import { OpenRecording } from '../recording/OpenRecording.tsx';
import { PinButton, PinnedRuns } from '../recording/Pinned.tsx';
import { RecordingBar } from '../recording/RecordingBar.tsx';
import { ShareButton } from '../recording/ShareButton.tsx';
import { Button } from '../ui/Button.tsx';
import { lazyPage, soon } from '../ui/lazy-part.tsx';
import { ColumnSwitch } from './ColumnSwitch.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { Column } from './column/Column.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { LinkLayer } from './links/LinkLayer.tsx';
import { columnNames } from './methods.ts';
import { closePassage } from './open-passage.ts';
import { PassageDialog } from './PassageDialog.tsx';
import { AllQueries } from './query-set/AllQueries.tsx';
import { Rail } from './rail/Rail.tsx';
import { SpeedStrip } from './SpeedStrip.tsx';
import { StatusLive } from './StatusLive.tsx';
import { usePageShortcuts } from './usePageShortcuts.ts';
import { VerdictLine } from './verdict/VerdictLine.tsx';
import './playground.css';

const Presentation = lazyPage(
  'Present',
  soon(() => import('../present/Presentation.tsx').then((module) => module.Presentation)),
);

/** The first screen: what goes in on the left, three rankings of the same candidates on the right. */
export function Playground() {
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  usePageShortcuts();
  const presenting = usePresent((s) => s.on);
  if (presenting) {
    return (
      <>
        <Presentation />
        <ConfirmDialog />
      </>
    );
  }
  return (
    <main className="playground">
      <Rail />
      <div className="results">
        <div className="results-top" data-tour="outcome">
          <SpeedStrip />
          <div className="results-actions">
            <Button small onClick={() => setPresenting(true)}>
              Present
            </Button>
            <DuelButton />
            <PinButton />
            <ShareButton />
            <OpenRecording />
            <ExportMenu />
          </div>
        </div>
        <RecordingBar />
        <PinnedRuns />
        <VerdictLine />
        <AllQueries />
        <ColumnSwitch scroller={scroller} />
        <div className="columns-scroll" ref={scroller}>
          <div className="columns" ref={frame} data-columns="">
            {COLUMNS.map((id) => (
              <FaultBoundary key={id} part={columnNames[id]}>
                <Column id={id} />
              </FaultBoundary>
            ))}
            <LinkLayer frame={frame} />
          </div>
        </div>
        <FaultBoundary part="The Inspector">
          <InspectorDrawer />
        </FaultBoundary>
      </div>
      <StatusLive />
      <FaultBoundary part="Passage" onClose={closePassage}>
        <PassageDialog />
      </FaultBoundary>
      <ConfirmDialog />
    </main>
  );
}
