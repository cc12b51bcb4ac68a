import type { InputHTMLAttributes } from 'react';
import { classes } from './classes.ts';
import { Field, type FieldProps } from './Field.tsx';

interface Props
  extends Omit<FieldProps, 'children'>,
    Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A labelled line of text that is typed as it is: neither completed nor corrected by the browser. */
export function TextField({ label, aside, hint, error, className, onChange, ...rest }: Props) {
  return (
    <Field label={label} aside={aside} hint={hint} error={error}>
      {(ids) => (
        <input
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...ids}
          className={classes('input', className)}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
