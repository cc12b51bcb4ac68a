import { useState } from 'react';
import type { MethodId } from '../../ranking/methods/registry.ts';
import { defaultTemplate } from '../../ranking/templates.ts';
import { type RowSpec, templateInRow, wordingNamed } from '../../state/evaluate/recipe.ts';
import { useModels } from '../../state/models/models.ts';
import { choicesOf, trainingNote } from '../../state/models/templates.ts';
import { useSettings } from '../../state/settings.ts';
import { TemplateEditor } from '../playground/rail/TemplateEditor.tsx';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';

interface Props {
  readonly method: MethodId;
  readonly checkpoint: string | undefined;
  /** Undefined: the checkpoint's own. */
  readonly template: RowSpec['template'];
  readonly disabled: boolean;
  readonly onChange: (template: RowSpec['template']) => void;
}

/** The card of a checkpoint that a column holds: of others it is read when their rows are ranked. */
const useCard = (checkpoint: string | undefined) =>
  useModels(
    ({ slots }) =>
      Object.values(slots).find(({ model, ready }) => ready && model?.id === checkpoint)?.ready?.card,
  );

/** The wordings that a method can be asked with, and a way to write another. */
export function PromptField({ method, checkpoint, template, disabled, onChange }: Props) {
  const settings = useSettings();
  const card = useCard(checkpoint);
  const [editing, setEditing] = useState(false);
  const own = defaultTemplate(method, card?.templates);
  const chosen = wordingNamed(template);
  const note = trainingNote(chosen ?? own, card);
  const others = choicesOf(method, settings, card).filter(({ id }) => !card || id !== own.id);
  // One that is edited no longer, or of a checkpoint that has left its column.
  const known = chosen && !others.some(({ id }) => id === chosen.id) ? [chosen, ...others] : others;
  return (
    <>
      <Field
        label="Prompt"
        aside={
          <Button kind="link" aria-label="Edit prompt" disabled={disabled} onClick={() => setEditing(true)}>
            Edit
          </Button>
        }
      >
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={chosen?.id ?? ''}
            disabled={disabled}
            onChange={(event) => {
              const found = known.find(({ id }) => id === event.target.value);
              onChange(found && templateInRow(found));
            }}
          >
            <option value="">{card ? `${own.name} (its own)` : 'The checkpoint’s own'}</option>
            {known.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {note && <p className="muted evaluate-add-note">{note}</p>}
      {editing && (
        <PromptEditor
          method={method}
          checkpoint={checkpoint}
          template={template}
          onChange={onChange}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}

/** The editor of the Playground, for a row. */
export function PromptEditor({
  method,
  checkpoint,
  template,
  onChange,
  onClose,
}: Omit<Props, 'disabled'> & { readonly onClose: () => void }) {
  const keep = useSettings((s) => s.keepTemplate);
  const card = useCard(checkpoint);
  const own = defaultTemplate(method, card?.templates);
  return (
    <TemplateEditor
      title="Prompt of the row: wording"
      template={wordingNamed(template) ?? own}
      card={card}
      onClose={onClose}
      onSave={(edited) => {
        onClose();
        if (edited.id.startsWith('custom-')) keep(edited);
        onChange(card && edited.id === own.id ? undefined : templateInRow(edited));
      }}
    />
  );
}
