import { training, useTraining } from '../../../state/learn/training.ts';
import { Button } from '../../ui/Button.tsx';
import { downloadBlob } from '../../ui/download.ts';

/** The student put to work in the Playground, or taken home. */
export function KeepStudent({ disabled, steps }: { readonly disabled: boolean; readonly steps: number }) {
  const kept = useTraining((s) => s.kept);
  const saving = useTraining((s) => s.status === 'saving');
  const download = async (): Promise<void> => {
    const zip = await training.zip();
    if (zip) downloadBlob(`lesson-student-${steps}.zip`, zip);
  };
  return (
    <div className="distil-row learn-controls">
      <Button small disabled={disabled} onClick={() => void training.use()}>
        Use as Student
      </Button>
      <Button small disabled={disabled} onClick={() => void download()}>
        Download checkpoint
      </Button>
      <span role="status" className="distil-kept">
        {saving && 'Quantising the weights …'}
        {!saving && kept && (
          <>
            {kept.title} is the Student in the <a href="#/">Playground</a> now; it is stored under{' '}
            <a href="#/models">Models</a>.
          </>
        )}
      </span>
    </div>
  );
}
