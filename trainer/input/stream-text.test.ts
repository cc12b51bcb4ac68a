import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openBeir, readQueriesFile, readSplit } from './beir.ts';
import { readCorpusFile } from './corpus.ts';
import { takeEncoding, tellHowOpened } from './encoding.ts';
import { readLists } from './lists.ts';
import { readRunFile } from './run-file.ts';
import { readText } from './stream-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'opening-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  takeEncoding([]);
  tellHowOpened(() => {});
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const packed = (name: string, content: string) => file(name, gzipSync(content));
const latin1 = (text: string) => Buffer.from(text, 'latin1');

const CORPUS = '{"_id":"d1","title":"","text":"tug boats"}\n{"_id":"d2","title":"","text":"café"}\n';

describe('inputs packed with gzip', () => {
  it('are read whatever they are called', async () => {
    for (const name of ['corpus.jsonl.gz', 'packed.jsonl', 'packed']) {
      const { passages } = await readCorpusFile(packed(name, CORPUS));
      expect(passages.map(({ text }) => text)).toEqual(['tug boats', 'café']);
    }
    expect(await readQueriesFile(packed('q.tsv.gz', 'q1\ttug\n'))).toEqual([{ id: 'q1', text: 'tug' }]);
    const { run } = await readRunFile(packed('run.trec', 'q1 Q0 d1 1 1.5 t\n'));
    expect(run.get('q1')).toEqual([{ id: 'd1', score: 1.5 }]);
    const hits = packed('hits.json', '[{"query":"tug","hits":[{"qid":"q1","docid":"d1","content":"t"}]}]');
    expect(await readLists(hits)).toHaveLength(1);
    await expect(readText(file('cut.gz', gzipSync(CORPUS).subarray(0, 40)))).rejects.toThrow(
      /cut\.gz: the gzip file is cut off/,
    );
  });

  it('may be those of a BEIR folder', async () => {
    const beir = join(folder, 'beir');
    mkdirSync(join(beir, 'qrels'), { recursive: true });
    packed('beir/corpus.jsonl.gz', CORPUS);
    packed('beir/queries.jsonl.gz', '{"_id":"q1","text":"tug"}\n');
    packed('beir/qrels/test.tsv.gz', 'query-id\tcorpus-id\tscore\nq1\td1\t1\n');
    const opened = await openBeir(beir);
    expect((await readCorpusFile(opened.corpus)).passages).toHaveLength(2);
    expect(await readQueriesFile(opened.queries)).toHaveLength(1);
    expect((await readSplit(opened, 'test')).qrels.get('q1')).toEqual(new Map([['d1', 1]]));
    packed('beir/qrels/dev.jsonl.gz', '{"query-id":"q1","corpus-id":"d2","score":1}\n');
    expect((await readSplit(await openBeir(beir), 'dev')).qrels.get('q1')).toEqual(new Map([['d2', 1]]));
  });
});

describe('encodings', () => {
  it('are told, or known by the content, and said once', async () => {
    const notes: string[] = [];
    tellHowOpened((note) => notes.push(note));
    const path = file('latin1.csv', latin1('id,text\nd1,Le café près de la gare\n'));
    for (let i = 0; i < 2; i++)
      expect((await readCorpusFile(path)).passages[0]!.text).toBe('Le café près de la gare');
    expect(notes).toEqual([
      `${path}: read as Windows-1252, as its bytes suggest; --encoding reads it otherwise.`,
    ]);
    await readText(file('plain.txt', 'é'));
    expect(notes).toHaveLength(1);
    const marked = file('utf16.csv', Buffer.from('\ufeffid,text\nd1,é\n', 'utf16le'));
    expect((await readCorpusFile(marked)).passages).toEqual([{ id: 'd1', text: 'é' }]);
    expect(notes.at(-1)).toBe(`${marked}: read as UTF-16 LE.`);
  });

  it('that cannot be told are refused until --encoding names one', async () => {
    // windows-1251
    const path = file('cyrillic.tsv', Uint8Array.of(0x31, 0x09, 0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0a));
    await expect(readQueriesFile(path)).rejects.toThrow(/cyrillic\.tsv, line 1: the byte 0xCF.*--encoding/);
    expect(takeEncoding(['--input', 'x', '--encoding', 'CP1251', '--json'])).toEqual([
      '--input',
      'x',
      '--json',
    ]);
    expect(await readQueriesFile(path)).toEqual([{ id: '1', text: 'Привет' }]);
    expect(await readQueriesFile(file('utf8.tsv', '1\tПривет\n'))).toEqual([{ id: '1', text: 'Привет' }]);
    expect(takeEncoding(['--encoding=latin1'])).toEqual([]);
    expect(() => takeEncoding(['--encoding', 'klingon'])).toThrow(
      /“klingon”; it must be one of utf-8, .*gb18030/,
    );
    expect(() => takeEncoding(['--encoding'])).toThrow(/must be one of/);
  });
});
