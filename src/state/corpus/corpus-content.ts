/** From a corpus source to what the retrieval worker reads, and a sample to what the box shows. */
import type { CorpusLoadRequest } from '../../workers/types.ts';
import type { CorpusSource } from './corpus.ts';
import type { Sample } from './samples.ts';

/** A sample as text for the Corpus box: blocks, titles left out, as one would paste it. */
export function sampleText(sample: Sample): string {
  return sample.passages.map((passage) => passage.text.replace(/\s*\n\s*/g, ' ')).join('\n\n');
}

/** What the worker is given: a sample's passages as they are, a text or a Blob to parse. */
export async function contentOf(
  source: CorpusSource,
  sample: Sample | null,
): Promise<CorpusLoadRequest['source']> {
  switch (source.kind) {
    case 'none':
      return '';
    case 'sample':
      return sample?.passages ?? [];
    case 'text':
      return source.text;
    default:
      return source.blob;
  }
}
