/** One's own results beside a paper's, as files: Markdown, CSV, and an object for JSON. */
import { columnNamed, type ValueStyle } from '../../evaluation/table/columns.ts';
import { writeCsv } from '../csv.ts';
import { markdownText } from '../markdown.ts';
import { type BesideRow, missingMethods, type PresetSpec } from './beside-paper.ts';
import { type EvaluationPreset, type PresetFile, SECONDS } from './presets.ts';
import { printed } from './values.ts';

export interface BesideReport {
  readonly source: PresetFile['source'];
  readonly preset: EvaluationPreset;
  /** The paper's set that stands beside it. */
  readonly set: string;
  /** Name of one's own data, with what it is, e.g. `scifact (300 queries, top 100)`. */
  readonly data: string;
  readonly rows: readonly BesideRow[];
  /** What was run. */
  readonly specs: readonly PresetSpec[];
}

interface Column {
  readonly head: string;
  readonly style: ValueStyle;
}

const columnsOf = ({ columns }: EvaluationPreset): Column[] =>
  columns.map((id) => {
    if (id === SECONDS) return { head: 'Seconds', style: 'seconds' };
    const { heading, style } = columnNamed(id)!;
    return { head: heading, style };
  });

const setName = ({ preset, set }: BesideReport): string =>
  preset.sets.find(({ id }) => id === set)?.name ?? set;

/** Where the grey numbers are from, what data they need, and what is missing here. */
export function besideNotes(report: BesideReport): string[] {
  const { source, preset, specs } = report;
  const missing = missingMethods(preset, specs);
  return [
    `Paper: ${source.authors}, ${source.title} (${source.url}), ${preset.name}, ${setName(report)}. ${preset.note}`,
    'Other models and other data give other numbers: what can be compared is the order of the methods.',
    ...(missing.length > 0 ? [`Not run here, for want of a checkpoint: ${missing.join(', ')}.`] : []),
  ];
}

/** Each measure twice, here and in the paper; an empty cell was not measured, or not printed. */
export function writeBesideMarkdown(report: BesideReport): string {
  const { preset, data, rows } = report;
  const columns = columnsOf(preset);
  const head = ['Method', 'Model', ...columns.flatMap(({ head }) => [`${head} here`, `${head} paper`])];
  const body = rows.map(({ name, model, cells }) => [
    markdownText(name),
    markdownText(model),
    ...cells.flatMap(({ own, paper }, i) => {
      const text = (value: number | null) => (value === null ? '' : printed(value, columns[i]!.style));
      return [text(own), text(paper)];
    }),
  ]);
  // Aligned, so that it also reads well as plain text.
  const widths = head.map((_, i) => Math.max(3, ...[head, ...body].map((cells) => [...cells[i]!].length)));
  const padded = (text: string, i: number): string => {
    const space = ' '.repeat(widths[i]! - [...text].length);
    return i < 2 ? text + space : space + text;
  };
  const line = (cells: readonly string[]): string => `| ${cells.map(padded).join(' | ')} |\n`;
  return [
    `## ${markdownText(data)} beside the paper’s ${markdownText(setName(report))}\n\n`,
    line(head),
    line(widths.map((width, i) => (i < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))),
    ...body.map(line),
    '\n',
    ...besideNotes(report).map((note) => `${note}\n`),
  ].join('');
}

/** All sets in one table, a row a method and set. */
export function writeBesideCsv(reports: readonly BesideReport[]): string {
  const [first] = reports;
  if (!first) return '';
  const columns = columnsOf(first.preset);
  const head = ['data', 'paper’s set', 'method', 'model', 'printed in the paper'];
  return writeCsv([
    [...head, ...columns.flatMap(({ head }) => [`${head} here`, `${head} paper`])],
    ...reports.flatMap((report) =>
      report.rows.map(({ name, model, printed: isPrinted, cells }) => [
        ...[report.data, setName(report), name, model, isPrinted ? 'yes' : 'no'],
        ...cells.flatMap(({ own, paper }) => [own, paper]),
      ]),
    ),
  ]);
}

/** The same as data: shares and seconds, null where there is nothing. */
export function besideJson(reports: readonly BesideReport[]): object {
  return {
    format: 'rankscope-beside-paper',
    version: 1,
    source: reports[0]?.source,
    preset: reports[0]?.preset.id,
    columns: reports[0]?.preset.columns,
    sets: reports.map((report) => ({
      data: report.data,
      set: report.set,
      rows: report.rows,
      missing: missingMethods(report.preset, report.specs),
    })),
  };
}
