import type { CorpusFormat } from '../../../formats/corpus.ts';
import { useCorpus } from '../../../state/corpus/corpus.ts';

export const formatNames: Readonly<Record<CorpusFormat, string>> = {
  lines: 'one per line',
  blocks: 'blocks',
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSON lines',
  json: 'JSON',
};

/** How the corpus was read, and the way to have it read otherwise. */
export function FormatChoice({ format }: { readonly format: string }) {
  const forced = useCorpus((s) => s.format);
  const sample = useCorpus((s) => s.source.kind === 'sample');
  const setFormat = useCorpus((s) => s.setFormat);
  const name = formatNames[format as CorpusFormat] ?? format;
  if (sample) return <>sample</>;
  return (
    <select
      className="format-choice"
      aria-label="Format"
      value={forced ?? ''}
      onChange={(event) => setFormat(event.target.value || null)}
    >
      <option value="">{forced ? 'recognise' : name}</option>
      {Object.entries(formatNames).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
