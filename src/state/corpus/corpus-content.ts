/** From a corpus source to what the retrieval worker reads, and to what the page itself knows of it. */
import { type CorpusFormat, parseCorpus } from '../../formats/corpus.ts';
import type { Passage } from '../../types.ts';
import type { CorpusLoadRequest } from '../../workers/types.ts';
import { passageKey } from '../grades.ts';
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

/** Hashes of all passages' texts; null where the page does not have them all (large sources). */
export function textHashesOf(
  source: CorpusSource,
  sample: Sample | null,
  format: string | null = null,
): ReadonlySet<string> | null {
  const parsed = (text: string, fileName: string | undefined) =>
    hashes(
      parseCorpus(text, {
        ...(fileName !== undefined && { fileName }),
        ...(format !== null && { format: format as CorpusFormat }),
      }).passages,
    );
  switch (source.kind) {
    case 'none':
      return new Set();
    case 'sample':
      return hashes(sample?.passages ?? []);
    case 'text':
      return parsed(source.text, source.name);
    case 'file':
      return source.whole ? parsed(source.excerpt, source.name) : null;
    default:
      return null;
  }
}

const hashes = (passages: readonly Passage[]): ReadonlySet<string> =>
  new Set(passages.map((passage) => passageKey(passage.text)));
