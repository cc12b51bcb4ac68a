import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import { textHash } from '../../text-hash.ts';
import { useGrades } from '../grades.ts';
import { useSettings } from '../settings.ts';
import { openWorld, SAMPLE, TEXT, until, type World } from '../testing/world.ts';
import { MAX_TEXT_BYTES, useCorpus } from './corpus.ts';
import { useQuery } from './query.ts';

let world: World;
afterEach(() => world.stop());

const corpus = () => useCorpus.getState();
const ready = (): Promise<void> => until(() => corpus().index.state === 'ready');
const summary = () => {
  const { index } = corpus();
  if (index.state !== 'ready') throw new Error(index.state);
  return index.summary;
};

describe('the corpus', () => {
  it('of a first visit is the first sample with its first question', async () => {
    world = openWorld();
    await world.restored;
    await ready();
    expect(corpus().source).toEqual({ kind: 'sample', id: 'fruit' });
    expect(corpus().boxText).toBe(SAMPLE.passages.map((p) => p.text).join('\n\n'));
    expect(useQuery.getState()).toMatchObject({
      text: 'red apple',
      suggestions: [{ id: 'q-apple', text: 'red apple' }],
    });
    expect(useGrades.getState().gradeOf('red apple', SAMPLE.passages[0]!.text)).toBe(3);
    expect(summary().passages).toBe(3);
  });

  it('does not overwrite a user who was faster', async () => {
    world = openWorld();
    corpus().setText('my own text');
    useQuery.getState().setText('my own question');
    await world.restored;
    await ready();
    expect(corpus().boxText).toBe('my own text');
    expect(useQuery.getState()).toMatchObject({ text: 'my own question', suggestions: [] });
  });

  it('is indexed after typing stops, with the newest text only', async () => {
    world = openWorld();
    await world.restored;
    await ready();
    const loads = world.retrieval.loads;
    for (let length = 1; length <= TEXT.length; length++) corpus().setText(TEXT.slice(0, length));
    expect(corpus().index.state).toBe('pending');
    await ready();
    expect(world.retrieval.loads).toBe(loads + 1);
    expect(summary().passages).toBe(5);
    expect(corpus().textHashes?.size).toBe(5);
  });

  it('an edited sample keeps its questions; another text does not', async () => {
    world = openWorld();
    await world.restored;
    await ready();
    corpus().setText(`${corpus().boxText} More.`);
    expect(useQuery.getState().suggestions).toHaveLength(1);
    corpus().setText('something else entirely, and not short either');
    expect(useQuery.getState().suggestions).toEqual([]);
  });

  it('a replaced text can be brought back, and forth again', async () => {
    world = openWorld();
    await world.restored;
    corpus().setText(TEXT);
    corpus().chooseSample('fruit');
    expect(corpus().replaced).toEqual({ kind: 'text', text: TEXT });
    corpus().undoReplace();
    expect(corpus().boxText).toBe(TEXT);
    expect(corpus().replaced).toEqual({ kind: 'sample', id: 'fruit' });
    corpus().setText(`${TEXT}!`);
    expect(corpus().replaced).toEqual({ kind: 'sample', id: 'fruit' });
    corpus().setText('');
    expect(corpus()).toMatchObject({
      index: { state: 'empty' },
      replaced: { kind: 'text', text: `${TEXT}!` },
    });
  });

  it('short passages are worth an undo; a short line does not take a longer text’s place', async () => {
    world = openWorld();
    await world.restored;
    corpus().setText('one cat\ntwo dogs');
    corpus().chooseSample('fruit');
    corpus().undoReplace();
    expect(corpus().boxText).toBe('one cat\ntwo dogs');
    corpus().setText(TEXT);
    corpus().setText('x');
    corpus().chooseSample('fruit');
    expect(corpus().replaced).toEqual({ kind: 'text', text: TEXT });
  });

  it('large text becomes a Blob with an excerpt; small text of wide characters counts in bytes', async () => {
    world = openWorld();
    await world.restored;
    corpus().setText('é'.repeat(MAX_TEXT_BYTES / 2));
    expect(corpus().source.kind).toBe('text');
    corpus().setText('é'.repeat(MAX_TEXT_BYTES / 2 + 1));
    expect(corpus().source.kind).toBe('paste');
    expect(corpus()).toMatchObject({ boxReadOnly: true, textHashes: null });
    expect(corpus().boxText.length).toBe(4000);
  });

  it('a very large text is encoded in pieces, and none of its characters is broken', async () => {
    world = openWorld();
    await world.restored;
    // Only the store is asked here: nothing need index it.
    world.stop();
    // One unit first, so that the pieces' ends fall between the halves of a pair.
    const text = `a${'😀'.repeat(1_100_000)}`;
    corpus().setText(text);
    const { source } = corpus();
    expect(source.kind).toBe('paste');
    const blob = source.kind === 'paste' ? await source.blob : new Blob();
    expect((await blob.text()) === text).toBe(true);
  });

  it('a file is read by the worker, named in its errors, and shown by an excerpt', async () => {
    world = openWorld();
    await world.restored;
    corpus().setFile(new File(['id,text\na,one\na,two\n'], 'corpus.csv'));
    await until(() => corpus().index.state === 'error' && corpus().boxText !== '');
    expect(corpus().boxText).toContain('id,text');
    const { index } = corpus();
    expect(index.state === 'error' && index.error.message).toMatch(/line 3/);
    corpus().setSkipBadLines(true);
    await ready();
    expect(summary()).toMatchObject({ passages: 1, problemCount: 1 });
    // What is judged is looked up among the passages as they were read.
    expect([...corpus().textHashes!]).toEqual([textHash('one')]);
    corpus().setFormat('lines');
    await until(() => corpus().index.state === 'ready' && summary().format === 'lines');
    expect(corpus().textHashes?.has(textHash('id,text'))).toBe(true);
  });

  it('a small file can be edited like a pasted text, and keeps how it was read', async () => {
    world = openWorld();
    await world.restored;
    // Only its name says that this is a table.
    const content = 'movie;plot\n7;A tug pulls a ship.\n9;Salt is sold.\n';
    corpus().setFile(new File([content], 'films.csv'));
    await until(() => corpus().index.state === 'ready' && corpus().boxText === content);
    expect(corpus().boxReadOnly).toBe(false);
    expect(corpus().textHashes?.size).toBe(2);
    const file = corpus().source;
    corpus().setText(content.replace('tug', 'tug boat'));
    await ready();
    expect(summary()).toMatchObject({ format: 'csv', passages: 2 });
    expect(summary().firstPassages[0]).toEqual({ id: '7', text: 'A tug boat pulls a ship.' });
    corpus().setText(`${corpus().boxText}11;Bread.\n`);
    await ready();
    expect(summary().passages).toBe(3);
    corpus().undoReplace();
    expect(corpus()).toMatchObject({ boxText: content, boxReadOnly: false });
    expect(corpus().source).toEqual(file);
    corpus().undoReplace();
    expect(corpus().boxText).toContain('11;Bread.');
    const other = 'another text altogether, pasted over what was there';
    corpus().setText(other);
    expect(corpus().source).toEqual({ kind: 'text', text: other });
  });

  it('a file over the limit shows its start, packed or not; one under it all of its text', async () => {
    world = openWorld();
    await world.restored;
    const line = 'é Tugs pull ships.\n';
    const large = line.repeat(20_000);
    const packed = new Uint8Array(gzipSync(large));
    for (const content of [large, packed]) {
      corpus().setFile(new File([content], 'large.txt'));
      await until(() => corpus().boxText !== '');
      expect(corpus()).toMatchObject({ boxReadOnly: true });
      expect(large.startsWith(corpus().boxText)).toBe(true);
      await ready();
      expect(summary()).toMatchObject({ passages: 20_000, opened: { gzip: content === packed } });
    }
    corpus().setFile(new File([new Uint8Array(gzipSync(line.repeat(5000)))], 'small.txt.gz'));
    await until(() => corpus().boxText !== '');
    expect(corpus().boxText).toBe(line.repeat(5000));
    expect(corpus().boxReadOnly).toBe(false);
  });

  it('a file’s encoding is recognised where it is certain, and chosen where it is not', async () => {
    world = openWorld();
    await world.restored;
    const western = Buffer.from('id,text\na,Le café près de la gare\n', 'latin1');
    corpus().setFile(new File([western], 'west.csv'));
    await until(() => corpus().index.state === 'ready' && corpus().boxText !== '');
    expect(corpus().boxText).toContain('café près');
    expect(summary().opened).toEqual({ gzip: false, encoding: 'windows-1252', by: 'content' });
    expect(summary().notices[0]!.message).toMatch(/^Read as Windows-1252, as its bytes suggest/);

    const cyrillic = Uint8Array.of(...Buffer.from('id,text\na,'), 0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 10);
    corpus().setFile(new File([cyrillic], 'east.csv'));
    await until(() => corpus().index.state === 'error');
    const { index } = corpus();
    expect(index.state === 'error' && index.error.message).toMatch(
      /^east\.csv, line 2: the byte 0xCF is not UTF-8.*Choose its encoding/,
    );
    corpus().setEncoding('windows-1251');
    await until(() => corpus().index.state === 'ready' && corpus().boxText.includes('Привет'));
    expect(summary().firstPassages[0]!.text).toBe('Привет');
    expect(corpus().boxReadOnly).toBe(false);
  });

  it('is indexed anew when parameters change, without being read again', async () => {
    world = openWorld();
    await world.restored;
    await ready();
    const loads = world.retrieval.loads;
    useSettings.getState().setBm25({ stopWords: false });
    await until(() => world.retrieval.reindexes === 1);
    await ready();
    expect(world.retrieval.loads).toBe(loads);
  });

  it('without samples the page works on', async () => {
    const gone = new RankscopeError('network', 'samples/index.json could not be fetched.');
    world = openWorld({ files: { 'samples/index.json': gone } });
    await world.restored;
    expect(corpus().samplesError).toContain('samples/index.json');
    corpus().setText(TEXT);
    await ready();
    expect(summary().passages).toBe(5);
  });

  it('a sample that cannot be read is an error of the corpus, and a retry reads it', async () => {
    const files: Record<string, unknown> = { 'samples/fruit.json': { passages: 'none' } };
    world = openWorld({ files });
    await world.restored;
    await until(() => corpus().index.state === 'error');
    const { index } = corpus();
    expect(index.state === 'error' && index.error.message).toContain('samples/fruit.json');
  });
});
