import { useState } from 'react';
import { useModels } from '../../../state/models/models.ts';
import { chooseTemplate, templateChoice } from '../../../state/models/templates.ts';
import { useSettings } from '../../../state/settings.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { TemplateEditor } from './TemplateEditor.tsx';

interface Props {
  readonly slot: ScorerSlot;
  readonly label: string;
  /** Another note has already said that the checkpoint does not know this kind of prompt. */
  readonly warned?: boolean;
}

/** The wording a model is asked with; says so where the checkpoint was not trained on it. */
export function TemplateField({ slot, label, warned = false }: Props) {
  const settings = useSettings();
  const ready = useModels((s) => s.slots[slot].ready);
  const [editing, setEditing] = useState(false);
  const { choices, selected, note, use } = templateChoice(slot, settings, ready?.card);
  return (
    <>
      <Field
        label={label}
        aside={
          // A cross-encoder takes no words of ours.
          selected.kind !== 'relevance' && (
            <Button kind="link" aria-label={`Edit ${label.toLowerCase()}`} onClick={() => setEditing(true)}>
              Edit
            </Button>
          )
        }
        hint={warned ? undefined : note}
      >
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={selected.id}
            onChange={(event) => chooseTemplate(slot, event.target.value)}
          >
            {choices.map((template) => (
              <option key={template.id} value={template.id}>
                {template.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {editing && (
        <TemplateEditor
          title={`${label}: wording`}
          template={selected}
          card={ready?.card}
          onClose={() => setEditing(false)}
          onSave={(template) => {
            setEditing(false);
            if (choices.some((known) => known.id === template.id)) chooseTemplate(slot, template.id);
            else settings.saveTemplate(use, template);
          }}
        />
      )}
    </>
  );
}
