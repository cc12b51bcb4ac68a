/** The rankings of one query side by side, as CSV for spreadsheets and as a Markdown table. */
import { progressAt } from '../ranking/progress/apply-events.ts';
import { type CsvCell, writeCsv } from './csv.ts';
import { markdownText } from './markdown.ts';
import type { Recording } from './recording/recording.ts';

const HEAD = ['query', 'passage', 'title', 'BM25 rank', 'BM25 score', 'student rank', 'student score'];
const COLUMNS = [...HEAD, 'teacher rank', 'teacher score', 'grade'] as const;

/** A row for each candidate in first-stage order; null where a method has not ranked it. */
function tableOf({ query, candidates, runs, grades }: Recording): CsvCell[][] {
  const ranked = (['student', 'teacher'] as const).map((column) => {
    const run = runs.find((one) => one.column === column);
    const cells = new Map<number, readonly [rank: number, score: number]>();
    if (!run) return cells;
    const { order, scores } = progressAt(run.kind, candidates.length, run.events);
    order.forEach((position, i) => {
      const score = scores[i];
      if (score !== undefined && Number.isFinite(score)) cells.set(position, [i + 1, score]);
    });
    return cells;
  });
  return candidates.map(({ passage, rank, score, filled }, position) => [
    ...[query.text, passage.id, passage.title ?? null],
    // What only fills the list up BM25 has not ranked.
    ...(filled ? [null, null] : [rank, score]),
    ...ranked.flatMap((cells) => cells.get(position) ?? [null, null]),
    grades.get(passage.id) ?? null,
  ]);
}

/** What a spreadsheet would take for a formula is text (csv.ts). */
export const writeRankingCsv = (recording: Recording): string => writeCsv([COLUMNS, ...tableOf(recording)]);

/** A table as GitHub and others read it, under the query; what would break out of a cell is escaped. */
export function writeRankingMarkdown(recording: Recording): string {
  const rows = tableOf(recording).map(([, ...cells]) => cells);
  const [, ...head] = COLUMNS;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const align = head.map((_, i) => (i < 2 ? '---' : '--:'));
  return (
    `**${markdownText(recording.query.text)}**\n\n` +
    line(head) +
    line(align) +
    rows
      .map((row) =>
        line(row.map((cell) => (typeof cell === 'number' ? rounded(cell) : markdownText(cell ?? '')))),
      )
      .join('')
  );
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)));
