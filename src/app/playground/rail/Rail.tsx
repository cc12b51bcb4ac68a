import { useEffect, useState } from 'react';
import { useOpened } from '../../../state/recording/opened.ts';
import { useRun } from '../../../state/run/run.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/Icon.tsx';
import { CorpusField } from './CorpusField.tsx';
import { MethodFields } from './MethodFields.tsx';
import { QueryField } from './QueryField.tsx';
import { RunPanel } from './RunPanel.tsx';
import { SampleField } from './SampleField.tsx';
import './rail.css';

const hasResults = (): boolean =>
  Object.values(useRun.getState().columns).some(({ shows }) => shows !== null);

/**
 * Everything that goes in. On a narrow screen it lies on top and folds, down to the query and the
 * buttons; unfolded it is the same as on a wide one.
 */
export function Rail() {
  const recording = useOpened((s) => s.shown !== null);
  const [folded, setFolded] = useState(recording);
  // A recording needs none of it, and lies under it. So do the results that one comes back to.
  useEffect(() => setFolded((now) => recording || (now && hasResults())), [recording]);
  return (
    <form
      className={classes('rail', folded && 'rail-folded')}
      aria-label="Inputs"
      onSubmit={(event) => event.preventDefault()}
    >
      <button type="button" className="rail-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
        Corpus and settings
        <Icon name="chevron" />
      </button>
      <div className="rail-scroll">
        <div className="rail-group rail-foldable" data-tour="corpus">
          <SampleField />
          <CorpusField />
        </div>
        <div className="rail-group" data-tour="query">
          <QueryField />
        </div>
        <div className="rail-group rail-foldable" data-tour="method">
          <MethodFields />
        </div>
      </div>
      <RunPanel />
    </form>
  );
}
