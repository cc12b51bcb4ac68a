/**
 * Ten thousand damaged inputs of every reader, always the same ones: each is read, or refused with an error
 * of ours that says why; none takes long. Seconds on 100 kB mean work that grows with the square.
 */
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { parseCorpus } from './corpus.ts';
import { readAllDecisions } from './decisions-read.ts';
import { readAnswers, readTrainingLists } from './distill.ts';
import { readHits } from './hits.ts';
import { openText } from './opening.ts';
import { readQrels } from './qrels.ts';
import { readQueries } from './queries.ts';
import { readTrecRuns } from './runs.ts';
import { attempt, damaged, LARGE, pick, randomFrom, TOKENS, timed } from './testing/hostile.ts';

const INPUTS = 10_000;
const LARGE_EVERY = 40;

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
    samples: [
      '{"qid":1,"docid":"a","score":1}\n{"q":{"d":1}}\n',
      'q1 0 d1 1\nq1 0 d2 0\n',
      'query-id\tcorpus-id\tscore\nq1\td1\t1\n',
      'q 1\t0\tTug boat\t2\n',
    ],
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

const SAMPLES = READERS.map(({ samples }) => samples);

describe('damaged inputs', () => {
  it.each(READERS.map((reader, i) => [reader.name, reader, i] as const))(
    'of %s are read or refused',
    (_, reader, seed) => {
      const random = randomFrom(seed + 1);
      const count = Math.ceil(INPUTS / READERS.length);
      for (let i = 0; i < count; i++) {
        const sample = pick(random, reader.samples);
        const text = damaged(random, sample, SAMPLES, i % LARGE_EVERY === 0);
        timed(
          () => `input ${i}: ${JSON.stringify(text.slice(0, 300))}`,
          () => reader.read(text),
        );
      }
    },
  );

  it.each(READERS.map(({ name, read }) => [name, read] as const))(
    'of one thing again and again: %s',
    (_, read) => {
      for (const token of TOKENS) {
        const text = token.repeat(Math.ceil(LARGE / token.length));
        timed(
          () => JSON.stringify(token),
          () => read(`${text}x`),
        );
      }
    },
  );

  it('in bytes are opened or refused, packed or not', () => {
    const random = randomFrom(99);
    for (let i = 0; i < 1000; i++) {
      const text = damaged(random, pick(random, pick(random, SAMPLES)), SAMPLES, i % 100 === 0);
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
