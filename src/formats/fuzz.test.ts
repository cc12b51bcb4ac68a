/**
 * Ten thousand damaged inputs of every reader, always the same ones: each is read, or refused with an error
 * of ours that says why; none takes long. Seconds on 100 kB mean work that grows with the square.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { parseCorpus } from './corpus.ts';
import { readAllDecisions } from './decisions-read.ts';
import { readAnswers, readTrainingLists } from './distill.ts';
import { readHits } from './hits.ts';
import { openText } from './opening.ts';
import { readQrels } from './qrels.ts';
import { readQueries } from './queries.ts';
import { readTrecRuns } from './runs.ts';

const INPUTS = 10_000;
const LARGE_EVERY = 40;
const LARGE = 100_000;
const MAX_MS = 2000;

/** Mulberry32 (Tommy Ettinger's generator, public domain): the same inputs in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Reader {
  readonly name: string;
  readonly samples: readonly string[];
  readonly read: (text: string) => unknown;
}

const corpus = (name: string, ...samples: string[]): Reader => ({
  name: `in.${name}`,
  samples,
  read: (text) => parseCorpus(text, { fileName: `in.${name}` }),
});

const METHOD = '"order":["a","b"],"scores":[2,1],"state":"done","template":null,"checkpoint":null';
const PASSAGES = '[{"docid":"a","text":"Tugs"},{"docid":2,"text":"Salt","title":"S"}]';
const READERS: readonly Reader[] = [
  corpus('txt', 'First passage.\nSecond one.\n', 'a\tFirst\nb\tSecond\n', 'One\ntwo\n\nthree\n'),
  corpus(
    'csv',
    'id,title,text\n1,T,"a ""b"", c"\n2,,d\n',
    'sep=;\nid;text\n1;a\n',
    'x,y,z\n1,two words,three\n',
  ),
  corpus('tsv', 'id\ttext\n1\t"Stay" is\n2\t"two\nlines"\n', '0\t"open\n1\tclosed"\n'),
  corpus(
    'jsonl',
    '{"_id":"a","title":"T","text":"x"}\n{"id":9007199254740993,"contents":"y","m":{"k":[1]}}\n',
  ),
  corpus('json', '[{"id":"a","text":"x ] } \\" "},\n {"docid":7,"segment":"y"}]'),
  {
    name: 'queries',
    samples: [
      '{"_id":"q1","text":"tug"}\n{"_id":2,"text":"salt"}\n',
      'q1\ttug boats\nq2\tsalt\n',
      '1:tug\n2:salt\n',
      '<top>\n<num> Number: 301\n<title> Topic: Tugs &amp; salt\n<desc> Description:\nx\n</top>\n',
      '<topics task="t"><topic number="1">A child\nwith fever</topic></topics>',
      '<top lang="en"><num>26</num><EN-title>pilots</EN-title></top>',
    ],
    read: (text) => readQueries(text, 'in.queries'),
  },
  {
    name: 'qrels',
    samples: ['q1 0 d1 1\nq1 0 d2 0\n', 'query-id\tcorpus-id\tscore\nq1\td1\t1\n', 'q 1\t0\tTug boat\t2\n'],
    read: (text) => readQrels(text, 'in.qrels'),
  },
  {
    name: 'runs',
    samples: ['q1 Q0 d1 1 2.5 t\nq1 Q0 d2 2 1.5 t\n', 'q1\tQ0\tTug boat\t1\t2.5\tmy tag\n'],
    read: (text) => readTrecRuns(text, 'in.runs'),
  },
  {
    name: 'hits',
    samples: [
      '[{"query":"tug","hits":[{"content":"Tugs","qid":9007199254740993,"docid":"d1","rank":1,"score":3.1}]}]',
      '{"query":{"text":"tug","qid":"q1"},"candidates":[{"docid":"d1","score":1,"doc":{"title":"T","contents":"x"}}]}\n',
    ],
    read: (text) => readHits(text, 'in.hits'),
  },
  {
    name: 'training lists',
    samples: [
      `{"query":"tug","query_id":"q","positive_passages":${PASSAGES},"retrieved_passages":${PASSAGES}}\n`,
    ],
    read: (text) => readTrainingLists(text, 'in.lists'),
  },
  {
    name: 'permutations',
    samples: ['["[2] > [1] > [3]", "2 > 1"]', '["The ranking is [1].", "", null]'],
    read: (text) =>
      [false, true].map((strict) => attempt(() => readAnswers(text, 'in.perms', undefined, { strict }))),
  },
  {
    name: 'decisions',
    samples: [
      `{"version":1,"query":"q","candidates":[{"id":"a","text":"x"},{"id":"b","text":"y"}],"methods":{"bm25":{${METHOD}},` +
        `"student":{${METHOD},"scored":[{"id":"a","score":1,"logits":[1,2],"tokens":3,"ms":1,"cached":false}]},` +
        `"teacher":{${METHOD},"decisions":[{"a":"a","b":"b","logitA":1,"logitB":0,"preference":1,"tokens":3,"ms":1,"cached":false}]}}}`,
    ],
    read: (text) => readAllDecisions(text, 'in.decisions'),
  },
];

/** What strangers' files have in them, and what breaks readers. */
const TOKENS: readonly string[] = [
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

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

function damaged(random: Random, sample: string, isLarge: boolean): string {
  let text = sample;
  const place = () => Math.floor(random() * (text.length + 1));
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
    const part = text.slice(from, Math.min(to, from + 40));
    const kind = Math.floor(random() * 5);
    if (kind === 0) text = text.slice(0, from) + text.slice(from + part.length);
    else if (kind === 1) text = text.slice(0, from) + part + text.slice(from);
    else if (kind === 2)
      text = text.slice(0, from) + pick(random, pick(random, READERS).samples) + text.slice(to);
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
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RankscopeError) || error.code !== 'bad-input') throw error;
    const { line } = error.details as { line?: number };
    expect(error.message.length).toBeGreaterThan(10);
    if (line !== undefined) expect(line).toBeGreaterThan(0);
    return error;
  }
}

function timed(what: () => string, work: () => unknown): void {
  const started = performance.now();
  try {
    attempt(work);
  } catch (error) {
    throw new Error(`${what()}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const ms = performance.now() - started;
  if (ms > MAX_MS) throw new Error(`${what()}: took ${Math.round(ms)} ms`);
}

describe('damaged inputs', () => {
  it.each(READERS.map((reader, i) => [reader.name, reader, i] as const))(
    'of %s are read or refused',
    (_, reader, seed) => {
      const random = randomFrom(seed + 1);
      const count = Math.ceil(INPUTS / READERS.length);
      for (let i = 0; i < count; i++) {
        const sample = pick(random, reader.samples);
        const text = damaged(random, sample, i % LARGE_EVERY === 0);
        timed(
          () => `input ${i}: ${JSON.stringify(text.slice(0, 300))}`,
          () => reader.read(text),
        );
      }
    },
  );

  it('in bytes are opened or refused, packed or not', () => {
    const random = randomFrom(99);
    for (let i = 0; i < 1000; i++) {
      const text = damaged(random, pick(random, pick(random, READERS).samples), i % 100 === 0);
      const packed = i % 3 === 0;
      const bytes = Uint8Array.from(packed ? gzipSync(text) : Buffer.from(text, i % 2 ? 'utf8' : 'latin1'));
      for (let n = Math.floor(random() * 3); n > 0; n--)
        bytes[Math.floor(random() * bytes.length)] = random() * 256;
      const cut = random() < 0.2 ? bytes.subarray(0, random() * bytes.length) : bytes;
      timed(
        () => `input ${i}: ${JSON.stringify(text.slice(0, 300))}`,
        () => parseCorpus(openText(cut, { file: 'in.gz', maxBytes: 1e6 }).text),
      );
    }
  });

  it('of deep nesting are refused with their line', () => {
    for (const open of ['[', '{"a":', '[{"hits":']) {
      for (const { name, read } of READERS.filter(({ samples }) => /^[[{]/.test(samples[0]!))) {
        const text = `{"query":"q","text":"x","_id":"1"}\n${open.repeat(100_000)}`;
        timed(
          () => name,
          () => read(text),
        );
        timed(
          () => name,
          () => read(`${open.repeat(100_000)}${']'.repeat(100_000)}`),
        );
      }
    }
  });
});
