/** Text inside Markdown. */

/** On one line; what would be taken for mark-up, or would break out of a table's cell, is escaped. */
export const markdownText = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|#~]/g, (mark) => `\\${mark}`)
    .replace(/\s+/g, ' ')
    .trim();
