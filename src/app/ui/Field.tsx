import { type ReactNode, useId } from 'react';
import './field.css';

export interface FieldProps {
  readonly label: string;
  /** Beside the label, e.g. a link to an editor. Not part of the control's name. */
  readonly aside?: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string;
  /** Renders the control with the ids that tie it to label, hint and error. */
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby'?: string }) => ReactNode;
}

/** A labelled control. The accessible name is exactly `label`; hint and error are its description. */
export function Field({ label, aside, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="field">
      <div className="field-head">
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        {aside}
      </div>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined })}
      {note && (
        <div className={error ? 'field-error' : 'field-hint'} id={`${id}-note`}>
          {note}
        </div>
      )}
    </div>
  );
}
