/** An evaluation's table in Markdown, as GitHub and others read it. */

import { counted } from '../excerpt.ts';
import { markdownText } from '../markdown.ts';
import { type EvaluationReport, hasWins, readingNotes } from './report.ts';
import { HEAD_UNITS, printed } from './values.ts';

export function writeEvaluationMarkdown(report: EvaluationReport): string {
  const { name, queries, depth, table } = report;
  const wins = hasWins(table);
  const head = [
    '',
    'Method',
    ...table.columns.map(({ id, heading }) => HEAD_UNITS[id] ?? heading),
    ...(wins ? ['W/T/L'] : []),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const body = table.rows.map(({ letter, name: row, kind, cells, against }) => [
    letter,
    kind === 'ceiling' ? `*${markdownText(row)}*` : markdownText(row),
    ...cells.map(({ value, best, above }, i) => {
      const text = printed(value, table.columns[i]!.style);
      const strong = best ? `**${text}**` : text;
      return above.length > 0 ? `${strong}<sup>${above.join('')}</sup>` : strong;
    }),
    ...(wins ? [against ? `${against.wins}/${against.ties}/${against.losses}` : '–'] : []),
  ]);
  return [
    `## ${markdownText(name)} (${counted(queries, 'query', 'queries')}${depth === null ? '' : `, top ${depth}`})\n\n`,
    line(head),
    line(head.map((_, i) => (i < 2 ? '---' : '--:'))),
    ...body.map(line),
    '\n',
    ...readingNotes(report).map((note) => `${markdownText(note)}\n`),
  ].join('');
}
