import { Button } from '../../ui/Button.tsx';

interface Props {
  readonly question: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (value: string) => void;
}

/** A question before the figure answers it. Whoever does not want to guess may look all the same. */
export function Prediction({ question, choices, onChoose }: Props) {
  return (
    <fieldset className="prediction">
      <legend>{question}</legend>
      <div className="prediction-choices">
        {choices.map(({ value, label }) => (
          <Button key={value} onClick={() => onChoose(value)}>
            {label}
          </Button>
        ))}
        <Button kind="link" onClick={() => onChoose('')}>
          Just show me
        </Button>
      </div>
    </fieldset>
  );
}

/** What came of a guess. */
export function Revealed({
  right,
  children,
}: {
  readonly right: boolean | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <p className="revealed" role="status">
      {right !== undefined && <strong>{right ? 'Yes. ' : 'Not quite. '}</strong>}
      {children}
    </p>
  );
}
