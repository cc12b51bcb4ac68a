import { fusionText } from '../../../ranking/fusion.ts';
import type { GivenChoices } from '../../../ranking/schedules/choices.ts';
import { useCorpus } from '../../../state/corpus/corpus.ts';
import { useModels } from '../../../state/models/models.ts';
import { useTau } from '../../../state/readings/selectors.ts';
import {
  type ColumnId,
  candidatesOf,
  isRecorded,
  type ModelRun,
  modelRunOf,
  type ShownColumn,
} from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import { RemoteUse } from '../../remote/RemoteUse.tsx';
import { classes } from '../../ui/classes.ts';
import { counted, formatNumber, formatShare } from '../../ui/numbers.ts';
import { Term } from '../../ui/Term.tsx';
import { methodTitle, shownNames, useShownAs } from '../methods.ts';
import { BaseSwitch } from './BaseSwitch.tsx';
import { Conditions } from './Conditions.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { NewOrderButton } from './NewOrderButton.tsx';
import { PhaseLabel } from './PhaseLabel.tsx';
import { Quality } from './Quality.tsx';
import { ResumeButton } from './ResumeButton.tsx';
import { Stopwatch } from './Stopwatch.tsx';
import { TimeLeft } from './TimeLeft.tsx';

interface Props {
  readonly id: ColumnId;
  readonly column: ShownColumn;
  /** The state whose order the rows show: older than `column` while somebody reads it. */
  readonly shown: ShownColumn;
  /** Present while a newer order waits: shows it. `byKey`: pressed from the keyboard. */
  readonly onShowNewest: ((byKey: boolean) => void) | undefined;
}

/**
 * Name, progress, cost, device and quality of one column. Progress and cost are the run's; what
 * depends on the order is that of the rows.
 */
export function ColumnHead({ id, column, shown, onShowNewest }: Props) {
  const name = shownNames[useShownAs(id)];
  const { run, state } = column;
  const model = modelRunOf(column);
  const recorded = isRecorded(run);
  const info = run?.kind === 'first-stage' ? null : run?.info;
  const answered = model ? model.asked + model.cached : 0;
  const planned = model?.planned?.calls ?? 0;
  const share = state === 'done' ? 1 : planned > 0 ? Math.min(1, answered / planned) : 0;
  return (
    <header className="column-head">
      <div className="column-progress" aria-hidden="true">
        <span style={{ transform: `scaleX(${share})` }} data-idle={state === 'idle' || undefined} />
      </div>
      <div className="column-line">
        <h2 className="column-name">{name}</h2>
        <Subtitle id={id} column={column} />
        {id !== 'bm25' && !recorded && <ModelChoice slot={id} />}
        {onShowNewest ? <NewOrderButton onShow={onShowNewest} /> : <PhaseLabel column={column} />}
        <Stopwatch column={column} />
      </div>
      <div className="column-line column-facts">
        {id === 'bm25' ? <Retrieved column={column} /> : <Calls column={column} />}
        {id === 'student' && !recorded && <BaseSwitch />}
      </div>
      <div className="column-line column-facts">
        <span className="column-device">
          {info ? <Conditions info={info} /> : recorded ? null : <PlannedDevice id={id} />}
          {model && <Throughput run={model} />}
        </span>
        {state === 'running' && <TimeLeft column={column} />}
        {state === 'cancelled' && run && run.order.length > 0 && !recorded ? (
          <ResumeButton id={id} />
        ) : (
          <Agreement id={id} />
        )}
      </div>
      {id === 'teacher' && !recorded && <ColumnUse />}
      <Quality id={id} column={shown} />
    </header>
  );
}

/** What the teacher's service was asked. */
function ColumnUse() {
  const teacher = useSettings((s) => s.models.teacher);
  return <RemoteUse id={teacher} className="column-line column-facts" />;
}

/** How far two rankings agree, from −1 (reversed) to 1 (the same). */
function Agreement({ id }: { readonly id: ColumnId }) {
  const tau = useTau(id, 'teacher');
  if (id === 'teacher' || tau === undefined) return null;
  return (
    <span title={tau === 'undecided' ? 'One of the two puts no passage above another' : undefined}>
      <Term id="tau">τ Teacher</Term> <strong>{tau === 'undecided' ? tau : formatShare(tau)}</strong>
    </span>
  );
}

/** Before a run: where it will run. */
function PlannedDevice({ id }: { readonly id: ColumnId }) {
  const slots = useModels((s) => s.slots);
  const { k1, b, delta } = useSettings((s) => s.bm25);
  if (id === 'bm25') {
    return (
      <>
        <Term id="bm25">{delta > 0 ? 'BM25+' : 'BM25'}</Term>
        {delta > 0 && ` δ ${delta}`} · k₁ {k1} · b {b}
      </>
    );
  }
  const slot = slots[id];
  if (slot.ready) return <Conditions info={slot.ready.info} />;
  return slot.status === 'loading' ? 'loading the model' : '';
}

function Subtitle({ id, column: { run } }: Pick<Props, 'id' | 'column'>) {
  const name = useModels((s) => (id === 'bm25' ? null : (s.slots[id].ready?.info.name ?? null)));
  const model = run && run.kind !== 'first-stage' ? run : null;
  const set = useSettings((s) => s.bm25.stemming);
  // A recording need not say how its candidates were found.
  const unknown = isRecorded(run) && run?.set.firstStage === null;
  const stemmed = (run?.set.firstStage?.bm25.stemming ?? set) === 'english';
  const engine = unknown
    ? 'as the file lists them'
    : stemmed
      ? 'MiniSearch · English stemming'
      : 'MiniSearch';
  // Beside it stands which model is loaded, except in a recording: one that another run asked is named here.
  const foreign = isRecorded(run) || model?.info?.name !== name;
  const other = model?.info && foreign ? model.info.name : null;
  const asked = id === 'bm25' ? engine : other;
  const named = model && methodTitle(model.method);
  const fused = model?.fusion ? ` + BM25 (${fusionText(model.fusion)})` : '';
  const how = named && `${named.title}${model ? choicesInWords(model) : ''}${fused}`;
  const text = [how, asked ?? model?.info?.name ?? (isRecorded(run) ? null : name)]
    .filter(Boolean)
    .join(' · ');
  return (
    <span
      className={classes('column-subtitle', id !== 'bm25' && 'column-subtitle-short')}
      title={model?.template ? `${text} · prompt “${model.template.name}”` : text}
    >
      {named && how && <Term id={named.term}>{how}</Term>}
      {how && asked && ' · '}
      {asked}
    </span>
  );
}

/** What was chosen of a schedule. */
const choicesInWords = ({ passes, top, budget, setSize, window, step, repeats }: GivenChoices): string =>
  [
    passes && `, ${counted(passes, 'pass', 'passes')}`,
    setSize && `, ${setSize} at once`,
    top && `, k = ${top}`,
    budget && `, ${counted(budget, 'call')}`,
    window && `, window ${window}`,
    step && `, step ${step}`,
    repeats && repeats > 1 && `, ${counted(repeats, 'pass', 'passes')}`,
  ]
    .filter(Boolean)
    .join('');

function Retrieved({ column }: Pick<Props, 'column'>) {
  const passages = useCorpus((s) => (s.index.state === 'ready' ? s.index.summary.passages : null));
  const candidates = candidatesOf(column);
  const filled = candidates.filter((one) => one.filled).length;
  const retrieved = candidates.length - filled;
  if (column.state === 'idle') return <span>{passages === null ? '' : counted(passages, 'passage')}</span>;
  return (
    <span>
      <strong>{retrieved}</strong>{' '}
      {passages === null || column.stale || isRecorded(column.run)
        ? 'found'
        : `of ${counted(passages, 'passage')}`}
      {filled > 0 && <> · {filled} with no shared words</>}
    </span>
  );
}

function Calls({ column }: Pick<Props, 'column'>) {
  const run = modelRunOf(column);
  if (!run?.planned) return <span>&nbsp;</span>;
  const answered = run.asked + run.cached;
  // What a schedule may take at most is of no interest once it is known what it took.
  const ended = column.state === 'done';
  return (
    <span>
      <strong>{formatNumber(answered)}</strong> of {run.planned.upperBound && !ended ? '≤ ' : ''}
      {counted(ended ? answered : run.planned.calls, 'call')}
      {run.cached > 0 && <> · {formatNumber(run.cached)} cached</>}
    </span>
  );
}

/** Input tokens per second over the calls of this run, nothing cached. */
function Throughput({ run }: { readonly run: ModelRun }) {
  const ms = run.ms - run.earlierMs;
  if (run.asked === 0 || !(ms > 0)) return null;
  return <> · {formatNumber(Math.round((run.tokens / ms) * 1000))} tok/s</>;
}
