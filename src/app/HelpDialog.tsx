import { useTour } from '../state/tour.ts';
import { glossary } from './glossary.ts';
import { readRoute } from './routes.ts';
import { Button } from './ui/Button.tsx';
import { Dialog } from './ui/Dialog.tsx';
import { shortcutLabel } from './ui/platform.ts';
import './help.css';

const keys: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [[shortcutLabel('↵')], 'Rank'],
  [['Esc'], 'Close what is open on top, or cancel the run'],
  [['↑', '↓'], 'Go to the passage above or below'],
  [['←', '→'], 'Go to the same passage in the next column'],
  [['↵'], 'Open the passage'],
  [['W'], 'Why here? Its games, and what the student said of it'],
  [['0', '1', '2', '3'], 'Grade the focused passage, 3 is best'],
  [['⌫'], 'Remove the grade'],
  [[shortcutLabel('Z')], 'Undo a grade'],
  [['?'], 'This help'],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      title="Help"
      onClose={onClose}
      actions={
        <Button
          small
          onClick={() => {
            if (readRoute(location.hash) !== '/') location.hash = '#/';
            useTour.getState().start();
            onClose();
          }}
        >
          Take the tour
        </Button>
      }
    >
      <p>
        Three methods rank the same candidates. <strong>BM25</strong> finds them by the words they share with
        the query. The <strong>Teacher</strong> is a language model that compares two passages at a time, in
        both orders: n candidates cost n × (n − 1) calls. The <strong>Student</strong> learned the teacher’s
        rankings and reads each passage once: n calls. Switched to <strong>Base</strong>, its column asks the
        model before distillation Yes or No about each passage: also n calls. Compare the two before you
        credit distillation. With the models that come with this page, the two are not measurably different in
        nDCG. Larger ones, FLAN-T5 among them, are fetched under <strong>Models</strong>; the menu in a
        column’s head chooses which one it asks.
      </p>
      <p className="muted">
        Everything runs on this machine, and nothing you type or paste leaves it, unless you choose a remote
        model as the teacher: queries and candidates then go to the address you gave, each time after a
        question. The page contacts no other server by itself: only when you ask for a model by its name or
        address does a request go to that host, and it carries nothing of yours.
      </p>
      <h3>Keys</h3>
      <table className="help-keys">
        <caption className="visually-hidden">Keyboard shortcuts</caption>
        <tbody>
          {keys.map(([combination, meaning]) => (
            <tr key={meaning}>
              <th scope="row">
                {combination.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>Words</h3>
      <dl className="help-words">
        {Object.entries(glossary).map(([id, [term, sentence]]) => (
          <div key={id}>
            <dt>{term}</dt>
            <dd>{sentence}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
