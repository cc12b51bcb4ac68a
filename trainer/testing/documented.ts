/** The command lines that help texts and documents show, as a person would copy them. */

const COMMAND = /npm run trainer -- (.*)$/;
/** `… --shard 1/4` or `… the same with --dry-run`: the example before it, with other options. */
const SAME = /(?:^\s*|\s{2,})… (?:the same with\s*)?(--.*)?$/;

/**
 * Words of every example, after `npm run trainer --`; usage lines and lines with placeholders (`<command>`, `…`) are
 * none.
 */
export function examplesIn(text: string): string[][] {
  const found: string[][] = [];
  const lines = text.split('\n').map((line) => line.replace(/^#/, ' '));
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i]!;
    if (/^Usage:|^ {7}npm/.test(line)) continue;
    while (/\\$/.test(line) || /… the same with$/.test(line)) {
      line = `${line.replace(/\\$/, '')} ${(lines[++i] ?? '').trim()}`;
    }
    const command = COMMAND.exec(line)?.[1];
    const same = SAME.exec(line)?.[1];
    if (command !== undefined && isExample(line, command)) found.push(words(command));
    else if (same !== undefined && found.length > 0) found.push(changed(found.at(-1)!, words(same)));
  }
  return found;
}

/** A line of its own: not a mention within a sentence, and nothing to be filled in but a folder for results. */
function isExample(line: string, command: string): boolean {
  return /^\s*npm run trainer/.test(line) && !/[<…]/.test(command);
}

const words = (text: string): string[] =>
  text
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/);

/** The example with these options in the place of its own. */
function changed(example: readonly string[], options: readonly string[]): string[] {
  const given = new Set(options.filter((word) => word.startsWith('--')));
  const kept: string[] = [];
  let isDropped = false;
  for (const word of example) {
    if (word.startsWith('--')) isDropped = given.has(word);
    if (!isDropped) kept.push(word);
  }
  return [...kept, ...options];
}
