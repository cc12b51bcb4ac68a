import { ENCODINGS, type Encoding, encodingName } from '../../../formats/encodings.ts';
import { useCorpus } from '../../../state/corpus/corpus.ts';

/** How a file's bytes were read as letters, and the way to have them read otherwise. */
export function EncodingChoice({ encoding }: { readonly encoding?: Encoding | undefined }) {
  const forced = useCorpus((s) => s.encoding);
  const isFile = useCorpus((s) => s.source.kind === 'file');
  const setEncoding = useCorpus((s) => s.setEncoding);
  if (!isFile) return null;
  const found = encoding === undefined ? 'choose encoding' : encodingName(encoding);
  return (
    <select
      className="format-choice"
      aria-label="Encoding"
      value={forced ?? ''}
      onChange={(event) => setEncoding((event.target.value || null) as Encoding | null)}
    >
      <option value="">{forced ? 'recognise' : found}</option>
      {Object.entries(ENCODINGS).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
