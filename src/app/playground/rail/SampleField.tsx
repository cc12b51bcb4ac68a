import { useCorpus } from '../../../state/corpus/corpus.ts';
import { useQuery } from '../../../state/corpus/query.ts';
import { Field } from '../../ui/Field.tsx';

/** The embedded corpora. With another corpus in the box the choice says so instead of naming a sample. */
export function SampleField() {
  const samples = useCorpus((s) => s.samples);
  const error = useCorpus((s) => s.samplesError);
  const source = useCorpus((s) => s.source);
  const choose = useCorpus((s) => s.chooseSample);
  const sampleChosen = useQuery((s) => s.sampleChosen);
  const chosen = source.kind === 'sample' ? source.id : '';
  return (
    <Field label="Sample" error={error ?? undefined}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={chosen}
          onChange={(event) => {
            if (event.target.value === '') return;
            sampleChosen();
            choose(event.target.value);
          }}
        >
          {chosen === '' && (
            <option value="">{source.kind === 'none' ? 'Choose one' : 'Your own corpus'}</option>
          )}
          {samples.map((sample) => (
            <option key={sample.id} value={sample.id} title={sample.description}>
              {sample.title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
