/** Labels for tests: passages of a sample that the page ships, ranked mostly by how many of the query's words they have. */
import { writeFileSync } from 'node:fs';
import { lineHead, type SourceInfo, writeLabelLine } from '../../src/formats/label-line.ts';
import { readSampleCorpus } from './sample-prompts.ts';

const SOURCE: SourceInfo = { kind: 'run', name: 'word overlap', digest: '5'.repeat(64) };

export interface SampleLabels {
  readonly lists: number;
  readonly passages: number;
  /** Ids begin with it. */
  readonly prefix?: string;
}

/** Writes label lines, each of other passages. @returns the path */
export function writeSampleLabels(path: string, { lists, passages, prefix = 'q' }: SampleLabels): string {
  const corpus = readSampleCorpus('town');
  const lines = Array.from({ length: lists }, (_, q) => {
    const text = `${corpus.queries[q % corpus.queries.length]!.text} ${prefix} ${q}`;
    const words = new Set(text.toLowerCase().split(/\W+/));
    const candidates = Array.from({ length: passages }, (_, i) => {
      const whole = corpus.passages[(7 * q + i) % corpus.passages.length]!;
      const passage = {
        id: whole.id,
        text: whole.text
          .split(' ')
          .slice(0, 7 + ((3 * q + i) % 3))
          .join(' '),
      };
      return { passage, rank: i + 1, score: passages - i };
    });
    const overlap = candidates.map(
      ({ passage }) =>
        passage.text
          .toLowerCase()
          .split(/\W+/)
          .filter((word) => words.has(word)).length,
    );
    // Few ties: most lists must have something to order.
    const scores = overlap.map((shared, i) => 4 * shared + ((3 * q + 5 * i) % 4));
    const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
    const label = { order, scores: order.map((i) => scores[i]!), decisions: [] };
    return `${writeLabelLine(lineHead({ query: { id: `${prefix}${q}`, text }, candidates }, SOURCE), label)}\n`;
  });
  writeFileSync(path, lines.join(''));
  return path;
}
