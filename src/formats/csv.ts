/** Tables as CSV (RFC 4180, with CR LF), for spreadsheets. */

export type CsvCell = string | number | null;

export const writeCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

/**
 * A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line end) gets an apostrophe
 * before it, which spreadsheets show as text (OWASP, CSV injection); numbers stay numbers.
 */
function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[\s]*[=+\-@]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
