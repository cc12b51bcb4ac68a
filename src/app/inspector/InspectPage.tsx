import { useInspectedRun } from '../../state/inspector/inspected.ts';
import { OpenRecording } from '../recording/OpenRecording.tsx';
import { RecordingBar } from '../recording/RecordingBar.tsx';
import { Inspector } from './Inspector.tsx';
import { Pictures } from './pictures/Pictures.tsx';
import './inspector.css';

/** The Inspector as a screen of its own. */
export function InspectPage() {
  const run = useInspectedRun();
  return (
    <main className="inspect-page">
      <header className="inspect-page-head">
        <h2>Inspect</h2>
        {run && <p className="inspect-query">{run.set.query.text}</p>}
        <OpenRecording drop />
      </header>
      <RecordingBar />
      <Inspector />
      {run && <Pictures run={run} />}
    </main>
  );
}
