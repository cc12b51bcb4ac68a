/**
 * How this process opens text files. It is said once, for all of a command's inputs, and so lies here and
 * not in every command's options: main.ts sets it from --encoding before the command runs.
 */
import { RankscopeError } from '../../src/errors.ts';
import { ENCODINGS, type Encoding, encodingName, encodingOf } from '../../src/formats/encodings.ts';
import type { Opened, OpenOptions } from '../../src/formats/opening.ts';

let otherwise: Encoding | undefined;
let tell: (note: string) => void = () => {};
const told = new Set<string>();

export const ENCODING_HELP = `Inputs may be gzipped. --encoding NAME (every command) reads text files that are neither
UTF-8 nor marked otherwise, e.g. windows-1252, windows-1251, shift_jis, gb18030, utf-16le.`;

/** The arguments without `--encoding NAME`, which is obeyed. @throws RankscopeError 'bad-input' for an unknown name */
export function takeEncoding(args: readonly string[]): string[] {
  const rest: string[] = [];
  otherwise = undefined;
  for (let i = 0; i < args.length; i++) {
    const [, inline] = /^--encoding(?:=(.*))?$/.exec(args[i]!) ?? [];
    if (args[i] !== '--encoding' && inline === undefined) {
      rest.push(args[i]!);
      continue;
    }
    const name = inline ?? args[++i] ?? '';
    otherwise = encodingOf(name);
    if (otherwise === undefined) {
      const known = Object.keys(ENCODINGS).join(', ');
      throw new RankscopeError('bad-input', `--encoding is “${name}”; it must be one of ${known}.`);
    }
  }
  return rest;
}

/** What --encoding named: part of what a file's text depends on. */
export const chosenEncoding = (): Encoding | undefined => otherwise;

/** Where notes such as "corpus.csv: read as Windows-1252." go. */
export function tellHowOpened(listener: (note: string) => void): void {
  tell = listener;
}

export function openOptions(file: string): OpenOptions {
  return {
    file,
    otherwise,
    advice: 'Save it as UTF-8, or name its encoding with --encoding, e.g. --encoding windows-1252.',
  };
}

/** Says, once per file, what is not plain UTF-8. */
export function noteOpened(file: string, opened: Opened): void {
  const { gzip, encoding, by } = opened;
  if ((!gzip && encoding === 'utf-8') || told.has(file)) return;
  told.add(file);
  const guessed = by === 'content' ? ', as its bytes suggest; --encoding reads it otherwise' : '';
  const how = encoding === 'utf-8' ? [] : [`read as ${encodingName(encoding)}${guessed}`];
  tell(`${file}: ${[...(gzip ? ['unpacked with gzip'] : []), ...how].join(' and ')}.`);
}
