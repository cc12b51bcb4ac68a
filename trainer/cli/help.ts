/** Help texts, made of a command's table of options and what surrounds it. */
import { EXIT_HELP } from './exit-codes.ts';
import { type Option, type Options, typed } from './options.ts';

export interface HelpText {
  /** One call a line, without `npm run trainer -- `. */
  readonly usage: string;
  /** What the command does. */
  readonly about: string;
  /** Commented calls, indented by two and four; tests run them. */
  readonly examples?: string;
  readonly options: Options;
  /** What is to be known beyond the options: files, stopping and resuming. */
  readonly more?: string;
}

const WIDTH = 112;
/** Where texts begin; an option that reaches further has its text behind it. */
const COLUMN = 22;

/** @param endings what stands at the end of several commands' help, e.g. how text files are opened */
export function helpOf({ usage, about, examples, options, more }: HelpText, ...endings: string[]): string {
  const calls = usage
    .split('\n')
    .map((call, i) => `${i === 0 ? 'Usage:' : '      '} npm run trainer -- ${call}`);
  const groups = Object.entries(options).map(([title, group]) =>
    [title, ...Object.entries(group).map(([key, option]) => optionLines(typed(key, option), option))].join(
      '\n',
    ),
  );
  const parts = [calls.join('\n'), about, examples && `Examples\n${examples}`, ...groups, more];
  return `${parts.filter(Boolean).join('\n\n')}\n${[...endings, EXIT_HELP].join('\n')}`;
}

function optionLines(name: string, { kind, value, help }: Option<unknown>): string {
  const head = `  ${[name, kind === 'positional' ? '' : value].filter(Boolean).join(' ')}`.padEnd(COLUMN - 2);
  const [first, ...rest] = help.split('\n').flatMap((line) => wrap(line, WIDTH - COLUMN));
  const start = head.length > COLUMN - 2 ? wrapHead(head, first!) : [`${head}  ${first}`];
  return [...start, ...rest.map((line) => ' '.repeat(COLUMN) + line)].join('\n');
}

/** A long option, and as much of its text as has room beside it. */
function wrapHead(head: string, line: string): string[] {
  if (head.length + 2 + line.length <= WIDTH) return [`${head}  ${line}`];
  return [head, ' '.repeat(COLUMN) + line];
}

/** A line in parts of at most `width`; parts after the first keep its indentation. */
function wrap(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0];
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(' ')) {
    const isStart = current.trim() === '';
    if (!isStart && current.length + 1 + word.length > width) {
      lines.push(current);
      current = indent + word;
    } else current = isStart ? indent + word : `${current} ${word}`;
  }
  return [...lines, current];
}
