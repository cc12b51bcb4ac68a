import { existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseFile } from './recognise.ts';

describe('recogniseFile', () => {
  it.each([
    ['corpus.jsonl', '{"_id": "d1", "title": "", "text": "A passage."}\n', 'corpus'],
    ['queries.jsonl', '{"_id": "q1", "text": "what is it"}\n', 'queries'],
    ['qrels/test.tsv', 'query-id\tcorpus-id\tscore\nq1\td1\t1\n', 'qrels'],
    ['test.tsv', 'query-id\tcorpus-id\tscore\n1\t12\t1\n1\t13\t2\n', 'qrels'],
    ['dl19.txt', '264014 0 1017759 0\n264014 0 1082489 2\n', 'qrels'],
    ['judgments.json', '{"q1": {"d1": 2, "d2": 0}}', 'qrels'],
    ['part.jsonl', '{"query-id": "q1", "corpus-id": "d1", "score": 1}\n', 'qrels'],
    ['bm25.trec', 'q1 Q0 d1 1 12.5 bm25\nq1 Q0 d2 2 11 bm25\n', 'run'],
    ['anything.txt', 'q1 Q0 d1 1 12.5 bm25\nq1 Q0 d2 2 11 bm25\n', 'run'],
    ['hits.json', '[{"query": "a", "hits": [{"content": "b", "qid": "1", "docid": "2"}]}]', 'hits'],
    ['hits.json', '[\n {\n  "query": "a",\n  "hits": [\n   {"content": "b"', 'hits'],
    ['requests.jsonl', '{"query": {"text": "a", "qid": "1"}, "candidates": []}\n', 'hits'],
    ['topics.txt', '<top>\n<num> Number: 301\n<title> crime\n</top>', 'queries'],
    ['msmarco-test2019-queries.tsv', '1108939\twhat slows down the flow of blood\n', 'queries'],
    ['collection.tsv', '0\tThe presence of communication amid scientific minds\n', 'corpus'],
    ['passages.csv', 'id,text\n1,Some words\n', 'corpus'],
    ['README.md', '# About', undefined],
    ['LICENSE', 'Apache License', undefined],
    ['empty.jsonl', '\n\n', undefined],
  ] as const)('%s', (path, head, kind) => {
    expect(recogniseFile(path, head)).toBe(kind);
  });

  const place = new URL('../../../../shared/data', import.meta.url).pathname;
  it.skipIf(!existsSync(place))('knows the files of every BEIR folder at hand', () => {
    const names = readdirSync(place).filter((name) => existsSync(join(place, name, 'qrels')));
    expect(names.length).toBeGreaterThan(3);
    const buffer = Buffer.alloc(65_536);
    const head = (path: string): string =>
      buffer.toString('utf8', 0, readSync(openSync(path, 'r'), buffer, 0, buffer.length, 0));
    for (const name of names) {
      for (const [file, kind] of [
        ['corpus.jsonl', 'corpus'],
        ['queries.jsonl', 'queries'],
      ] as const) {
        expect(recogniseFile(file, head(join(place, name, file))), `${name}/${file}`).toBe(kind);
      }
      for (const split of readdirSync(join(place, name, 'qrels'))) {
        expect(
          recogniseFile(`qrels/${split}`, head(join(place, name, 'qrels', split))),
          `${name}/${split}`,
        ).toBe('qrels');
      }
    }
  });
});
