import { useState } from 'react';
import type { RankerCard } from '../../../checkpoint/ranker-card.ts';
import { labelsOf, type PromptTemplate, type TemplateKind } from '../../../ranking/template.ts';
import { slotsOf, type WordingField } from '../../../ranking/template-slots.ts';
import { editTemplate, PRESETS, templateProblems } from '../../../ranking/templates.ts';
import { wordingHash } from '../../../ranking/wording-hash.ts';
import { trainingNote } from '../../../state/models/templates.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { TextField } from '../../ui/TextField.tsx';

interface Props {
  readonly title: string;
  readonly template: PromptTemplate;
  readonly card: RankerCard | undefined;
  readonly onSave: (template: PromptTemplate) => void;
  readonly onClose: () => void;
}

/** Fields as they are typed. */
interface Draft {
  readonly name: string;
  readonly text: string;
  readonly decoderPrefix: string;
  readonly labels: string;
  readonly item: string;
  readonly target: string;
  readonly words: string;
  readonly labelled: boolean;
}

const draftOf = (template: PromptTemplate): Draft => ({
  name: template.name,
  text: template.text,
  decoderPrefix: template.decoderPrefix,
  labels: labelsOf(template).join(', '),
  item: 'item' in template ? template.item : '',
  target: 'target' in template ? template.target : '',
  words: template.maxPassageWords === undefined ? '' : String(template.maxPassageWords),
  labelled: template.titles === 'labelled',
});

/** Drafts of dialogs that were closed neither by Use nor by Discard, by template: Escape loses nothing typed. */
const unfinished = new Map<string, Draft>();

const isSame = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What an edited template goes back to: the preset or the checkpoint's wording it came from. */
function originOf(template: PromptTemplate, card: RankerCard | undefined): PromptTemplate | undefined {
  const known = [...(card?.templates ?? []), ...PRESETS];
  const from = /edited from (\S+) version/.exec(template.source)?.[1] ?? template.id;
  return known.find((other) => other.id === from && other.kind === template.kind);
}

const LABELS = {
  pointwise: 'Answer words',
  pairwise: 'Words for A and B',
  setwise: 'Labels of passages',
} as const;

function Slots({ kind, field }: { readonly kind: TemplateKind; readonly field: WordingField }) {
  return (
    <>
      Slots:{' '}
      {slotsOf(kind, field)?.map(({ slot }) => (
        <code key={slot}>{`{${slot}}`} </code>
      ))}
    </>
  );
}

/** Edits a template. What is wrong is said while it is typed; only a complete one can be used. */
export function TemplateEditor({ title, template, card, onSave, onClose }: Props) {
  const draftKey = `${title}|${template.id}|${wordingHash(template)}`;
  const [kept] = useState(() => unfinished.get(draftKey));
  const [draft, setDraft] = useState(() => kept ?? draftOf(template));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const origin = originOf(template, card);
  const edited = editTemplate(origin ?? template, {
    text: draft.text,
    decoderPrefix: draft.decoderPrefix,
    labels: draft.labels.split(',').map((label) => label.trim()),
    item: draft.item,
    target: draft.target,
    maxPassageWords: draft.words.trim() === '' ? undefined : Number(draft.words),
    titles: draft.labelled ? 'labelled' : undefined,
    name: draft.name.trim() === '' || draft.name === origin?.name ? undefined : draft.name.trim(),
  });
  const problems = templateProblems(edited);
  const finish = (then: () => void) => {
    unfinished.delete(draftKey);
    then();
  };
  const note = trainingNote(edited, card);
  return (
    <Dialog
      wide
      title={title}
      onClose={() => {
        if (isSame(draft, draftOf(template))) unfinished.delete(draftKey);
        else unfinished.set(draftKey, draft);
        onClose();
      }}
      actions={
        <>
          <Button
            className="editor-reset"
            disabled={!origin}
            onClick={() => origin && setDraft(draftOf(origin))}
          >
            Reset
          </Button>
          <Button onClick={() => finish(onClose)}>Discard</Button>
          <Button kind="primary" disabled={problems.length > 0} onClick={() => finish(() => onSave(edited))}>
            Use
          </Button>
        </>
      }
    >
      {kept && <p className="muted">Your unfinished edit was kept. Discard removes it.</p>}
      <TextField label="Name" value={draft.name} onChange={(name) => change({ name })} />
      <Field
        label="Wording"
        hint={
          <>
            <Slots kind={template.kind} field="text" /> · blank lines are part of the wording
          </>
        }
      >
        {(ids) => (
          <textarea
            {...ids}
            className="input mono editor-text"
            rows={11}
            spellCheck={false}
            value={draft.text}
            aria-invalid={problems.length > 0 || undefined}
            onChange={(e) => change({ text: e.target.value })}
          />
        )}
      </Field>
      {'item' in template && (
        <TextField
          label="Each passage"
          hint={<Slots kind={template.kind} field="item" />}
          className="mono"
          value={draft.item}
          onChange={(item) => change({ item })}
        />
      )}
      {'target' in template && (
        <TextField
          label="Text judged"
          hint={<Slots kind={template.kind} field="target" />}
          className="mono"
          value={draft.target}
          onChange={(target) => change({ target })}
        />
      )}
      <div className="field-row">
        <TextField
          label="Answer begins with"
          className="mono"
          value={draft.decoderPrefix}
          onChange={(decoderPrefix) => change({ decoderPrefix })}
        />
        {'labels' in template && template.kind !== 'relevance' && (
          <TextField
            label={LABELS[template.kind]}
            className="mono"
            value={draft.labels}
            onChange={(labels) => change({ labels })}
          />
        )}
        <TextField
          label="Words per passage"
          inputMode="numeric"
          placeholder="no limit"
          value={draft.words}
          onChange={(words) => change({ words })}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={draft.labelled}
          onChange={(e) => change({ labelled: e.target.checked })}
        />
        Write a passage with a title as “Title: … Content: …”
      </label>
      <div aria-live="polite">
        {problems.map((problem) => (
          <p key={problem} className="field-error">
            {problem}
          </p>
        ))}
        {problems.length === 0 && note && <p className="muted">{note}</p>}
      </div>
      <p className="muted">Source: {edited.source}</p>
    </Dialog>
  );
}
