/** Hostile texts for tests of readers: always the same, small and large. */
import { RankscopeError } from '../../errors.ts';
import { processorMs } from './processor-time.ts';

/** Characters of large inputs. Seconds on so few mean work that grows with the square. */
export const LARGE = 100_000;
const MAX_MS = 2000;

/** Mulberry32 (Tommy Ettinger's generator, public domain): the same inputs in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What strangers' files have in them, and what breaks readers. */
export const TOKENS: readonly string[] = [
  ...'"\'\\,;:\t\n\r {}[]()<>/&=-+.0123456789',
  ...[
    '""',
    '\r\n',
    '\n\n',
    '\t\t',
    ', ',
    '\\"',
    '\\u0000',
    '\\ud800',
    '": "',
    '"id":',
    '"text":null',
    '{}',
    '[]',
    '},{',
  ],
  ...[
    'null',
    'true',
    'NaN',
    '1e999',
    '-0',
    '1e21',
    '0x10',
    '9007199254740993',
    '123456789012345678901234567890',
    '0.1e-400',
  ],
  ...[
    '{"toString":1}',
    '"__proto__":{"text":"x"}',
    '"constructor":[',
    '"hasOwnProperty":1,',
    'sep=,',
    'id,text',
    '_id',
  ],
  ...[
    '<top>',
    '</top>',
    '<num>',
    '<title>',
    '<topic number="1">',
    '</topics>',
    '<!--',
    ']]>',
    '<![CDATA[',
    '&amp;',
    '&#x110000;',
    '&lt',
  ],
  ...[
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u3000',
    '\ufeff',
    '\u200b',
    '\u0000',
    '\u0007',
    '\u000b',
    '\ud800',
    '\ud83d\ude00',
    'é',
    '\ufffd',
    'word ',
  ],
];

export type Random = () => number;
export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** The sample with one to four changes, some of them parts of the other samples; large: with something repeated. */
export function damaged(
  random: Random,
  sample: string,
  samples: readonly (readonly string[])[],
  isLarge: boolean,
): string {
  let text = sample;
  const place = () => Math.floor(random() * (text.length + 1));
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
    const part = text.slice(from, Math.min(to, from + 40));
    const kind = Math.floor(random() * 5);
    if (kind === 0) text = text.slice(0, from) + text.slice(from + part.length);
    else if (kind === 1) text = text.slice(0, from) + part + text.slice(from);
    else if (kind === 2) text = text.slice(0, from) + pick(random, pick(random, samples)) + text.slice(to);
    else text = text.slice(0, from) + pick(random, TOKENS) + text.slice(kind === 3 ? from : from + 1);
  }
  if (isLarge) {
    const unit = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, TOKENS)).join('');
    const from = place();
    text = text.slice(0, from) + unit.repeat(Math.ceil(LARGE / unit.length)) + text.slice(from);
  }
  return text;
}

/** What is read, or the refusal. Anything else fails the test. */
export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RankscopeError) || error.code !== 'bad-input') throw error;
    const { line } = error.details as { line?: number };
    if (error.message.length <= 10) throw new Error(`“${error.message}” says too little`);
    if (line !== undefined && !(line > 0)) throw new Error(`there is no line ${line}`);
    return error;
  }
}

/** @throws Error that begins with `what` for a raw error, or where the work takes long */
export function timed(what: () => string, work: () => unknown): void {
  const started = processorMs();
  try {
    attempt(work);
  } catch (error) {
    throw new Error(`${what()}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const ms = processorMs() - started;
  if (ms > MAX_MS) throw new Error(`${what()}: took ${Math.round(ms)} ms`);
}
