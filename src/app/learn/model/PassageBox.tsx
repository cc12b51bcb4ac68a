import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { LONGEST } from './own-passages.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  /** What it said when the lesson began. */
  readonly original: string;
  readonly rows: number;
  readonly onChange: (text: string) => void;
}

/** A passage that is edited, with the way back to what it was. */
export function PassageBox({ label, text, original, rows, onChange }: Props) {
  return (
    <Field
      label={label}
      aside={
        text !== original && (
          <Button small kind="link" onClick={() => onChange(original)}>
            As it was<span className="visually-hidden"> ({label})</span>
          </Button>
        )
      }
    >
      {(field) => (
        <textarea
          {...field}
          className="input"
          rows={rows}
          dir="auto"
          maxLength={LONGEST}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
