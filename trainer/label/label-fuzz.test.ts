/** Damaged labels: read, or refused with file and line; none takes long. */
import { describe, it } from 'vitest';
import { parseJsonValues } from '../../src/formats/json-check.ts';
import { readLabelValue } from '../../src/formats/label-line.ts';
import { damaged, pick, randomFrom, timed } from '../../src/formats/testing/hostile.ts';

const HITS =
  '"query":"tug","hits":[{"content":"Tugs","qid":"q","docid":"a","rank":1,"score":3.1},{"content":"Salt","docid":9007199254740993,"rank":2,"score":1e-3}]';
const SAMPLES = [
  `{${HITS},"source":{"kind":"prp-allpair","name":"t","digest":"d"},"order":[1,0],"scores":[2,0],"decisions":[[0,1,-3.25,-3.5,0],[1,0,1,0,1]]}\n`,
  `{${HITS},"source":{"kind":"run","name":"r","digest":"d"},"order":[0,1],"scores":[2,1],"queryCut":{"kept":2,"total":3}}\n`,
];

const read = (text: string) =>
  parseJsonValues(text, 'in.jsonl').map((value, i) => readLabelValue(value, i, 'in.jsonl'));

describe('damaged labels', () => {
  it('are read or refused', () => {
    const random = randomFrom(7);
    for (let i = 0; i < 10_000; i++) {
      const text = damaged(random, pick(random, SAMPLES), [SAMPLES], i % 100 === 0);
      timed(
        () => `input ${i}: ${JSON.stringify(text.slice(0, 300))}`,
        () => read(text),
      );
    }
  });
});
