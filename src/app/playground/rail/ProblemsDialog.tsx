import { useCorpus } from '../../../state/corpus/corpus.ts';
import type { CorpusProblems } from '../../../state/corpus/corpus-problems.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted, formatNumber } from '../../ui/numbers.ts';
import '../../ui/table.css';

/** Lines that could not be read, each with its number. Skipping them is the user's choice. */
export function ProblemsDialog({
  bad,
  onClose,
}: {
  readonly bad: CorpusProblems;
  readonly onClose: () => void;
}) {
  const setSkip = useCorpus((s) => s.setSkipBadLines);
  const { problems, count, skipped } = bad;
  const lines = counted(count, 'bad line');
  return (
    <Dialog
      title={skipped ? `${lines} skipped` : `${lines} in the corpus`}
      onClose={onClose}
      actions={
        skipped ? (
          <Button
            onClick={() => {
              onClose();
              setSkip(false);
            }}
          >
            Do not skip
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              kind="primary"
              onClick={() => {
                onClose();
                setSkip(true);
              }}
            >
              Skip {lines}
            </Button>
          </>
        )
      }
    >
      {!skipped && <p>Nothing has been left out. Fix these lines, or continue without them.</p>}
      <table className="table problems">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while it is shown.
            <tr key={i}>
              <td>{problem.line === undefined ? '–' : formatNumber(problem.line)}</td>
              <td>{problem.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > problems.length && <p className="muted">and {formatNumber(count - problems.length)} more</p>}
    </Dialog>
  );
}
