/** An evaluation's table in LaTeX, with booktabs and xcolor. */
import { type EvaluationReport, hasWins, readingNotes } from './report.ts';
import { HEAD_UNITS, printed } from './values.ts';

const MARKS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
  '−': '$-$',
  τ: '$\\tau$',
  '’': "'",
  '“': '``',
  '”': "''",
  '\u202f': '\\,',
  '×': '$\\times$',
  '·': '$\\cdot$',
};

/** On one line, with every sign that LaTeX reads as its own escaped. */
export const latexText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\~^–−τ’“”\u202f×·]|[&%$#_{}]/gu, (mark) => MARKS[mark] ?? `\\${mark}`);

export function writeEvaluationLatex(report: EvaluationReport): string {
  const { name, queries, depth, table } = report;
  const wins = hasWins(table);
  const columns = table.columns.length + (wins ? 1 : 0);
  const row = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\\n`;
  const head = [
    '',
    'Method',
    ...table.columns.map(({ id, heading }) => latexText(HEAD_UNITS[id] ?? heading)),
    ...(wins ? ['W/T/L'] : []),
  ];
  const body = table.rows.map(({ letter, name: method, kind, cells, against }) => {
    const grey = (text: string) => (kind === 'ceiling' ? `\\textcolor{gray}{${text}}` : text);
    return [
      letter === '' ? '' : `$^{${letter}}$`,
      grey(latexText(method)),
      ...cells.map(({ value, best, above }, i) => {
        const text = latexText(printed(value, table.columns[i]!.style));
        return grey(
          `${best ? `\\textbf{${text}}` : text}${above.length > 0 ? `$^{${above.join('')}}$` : ''}`,
        );
      }),
      ...(wins ? [against ? `${against.wins}/${against.ties}/${against.losses}` : '--'] : []),
    ];
  });
  const notes = readingNotes(report).map(latexText).join(' ');
  const count = queries.toLocaleString('en');
  return [
    '% \\usepackage{booktabs,xcolor}\n',
    '\\begin{table}\n\\centering\n',
    `\\caption{${latexText(name)}, ${count} ${queries === 1 ? 'query' : 'queries'}${depth === null ? '' : `, top ${depth}`}.${notes === '' ? '' : ` ${notes}`}}\n`,
    `\\begin{tabular}{ll${'r'.repeat(columns)}}\n\\toprule\n`,
    row(head),
    '\\midrule\n',
    ...body.map(row),
    '\\bottomrule\n\\end{tabular}\n\\end{table}\n',
  ].join('');
}
