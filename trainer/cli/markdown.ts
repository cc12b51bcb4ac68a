/** Tables in Markdown, aligned so that they also read well as plain text. */

/** @param rows cells of the body; the first column is text, the others are numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => [...(row[column] ?? '')].length)));
  const pad = (text: string, column: number) => {
    const space = ' '.repeat(widths[column]! - [...text].length);
    return column === 0 ? text + space : space + text;
  };
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(cells[0]!), line(rule), ...cells.slice(1).map(line)].map((text) => `${text}\n`).join('');
}

/** With its sign; a minus that is one. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}
