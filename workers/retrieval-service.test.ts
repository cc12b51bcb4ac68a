import { describe, expect, it } from 'vitest';
import { DEFAULT_BM25 } from '../src/retrieval/types.ts';
import type { Passage } from '../src/types.ts';
import type { CorpusLoadRequest, IndexProgress } from '../src/workers/retrieval-protocol.ts';
import { RetrievalService } from './retrieval-service.ts';

const params = DEFAULT_BM25;
const silent = (): void => {};

async function loaded(request: Omit<CorpusLoadRequest, 'params'>): Promise<RetrievalService> {
  const service = new RetrievalService();
  await service.load({ params, ...request }, silent);
  return service;
}

const ids = (service: RetrievalService, query: string): string[] =>
  service.search(query, 10).hits.map((h) => h.id);
const many = (count: number): string =>
  Array.from({ length: count }, (_, i) => `wing number w${i}`).join('\n');

describe('load', () => {
  it('reads a Blob, a string and ready passages alike', async () => {
    const text = 'd1\tA wing in a slipstream.\nd2\tHeat in slabs.';
    const passages: Passage[] = [
      { id: 'd1', text: 'A wing in a slipstream.' },
      { id: 'd2', text: 'Heat in slabs.' },
    ];
    for (const source of [text, new Blob([text]), passages]) {
      const service = await loaded({ source });
      expect(ids(service, 'slipstream')).toEqual(['d1']);
      expect(service.search('heat', 1).passages).toEqual([{ id: 'd2', text: 'Heat in slabs.' }]);
    }
  });

  it('sums up what was read', async () => {
    const service = new RetrievalService();
    const text = `wing ä\n${many(6000)}`;
    const summary = await service.load({ source: new Blob([text]), params }, silent);
    expect(summary).toMatchObject({
      passages: 6001,
      bytes: text.length + 1,
      format: 'lines',
      generatedIds: 6001,
      problems: [],
      problemCount: 0,
    });
    expect(summary.excerpt).toBe(text.slice(0, 2000));
    expect(summary.firstPassages[0]).toEqual({ id: 'p0001', text: 'wing ä' });
    expect(summary.firstPassages).toHaveLength(5);
  });

  it('takes characters that are cut between two chunks', async () => {
    const bytes = new TextEncoder().encode('go 🎉 東京');
    const source = new Blob([bytes.slice(0, 5), bytes.slice(5, 11), bytes.slice(11)]);
    expect(ids(await loaded({ source }), '🎉')).toEqual(['p01']);
  });

  it('reports reading and indexing, up to the end', async () => {
    const seen: IndexProgress[] = [];
    const text = many(3000);
    await new RetrievalService().load({ source: text, params }, (p) => seen.push(p));
    const last = (phase: string) => seen.filter((p) => p.phase === phase).at(-1);
    expect(last('reading')).toMatchObject({ done: text.length, total: text.length, secondsLeft: 0 });
    expect(last('indexing')).toMatchObject({ done: 3000, total: 3000, secondsLeft: 0 });
    expect(seen[0]).toMatchObject({ phase: 'reading', done: 0, perSecond: 0 });
  });

  it('refuses faulty lines by name, keeps the index that was there, and skips them when told to', async () => {
    const service = await loaded({ source: 'old\tan old wing\nolder\tan older wing' });
    const faulty = '{"_id": "a", "text": "drag"}\n{"_id": "a", "text": "again"}\n{"_id": "b"}\n';
    const error = await service.load({ source: faulty, params }, silent).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'bad-input', details: { problemCount: 2, format: 'jsonl' } });
    expect((error as { details: { problems: unknown } }).details.problems).toEqual([
      { line: 2, message: expect.stringContaining('line 1') },
      { line: 3, message: expect.stringContaining('No text') },
    ]);
    expect(ids(service, 'wing')).toEqual(['old', 'older']);

    const summary = await service.load({ source: faulty, skipBadLines: true, params }, silent);
    expect(summary).toMatchObject({ passages: 1, problemCount: 2 });
    expect(ids(service, 'drag wing')).toEqual(['a']);
  });

  it('lists at most 50 problems and counts all', async () => {
    const lines = Array.from({ length: 80 }, () => '{"words": ""}').join('\n');
    await expect(new RetrievalService().load({ source: lines, params }, silent)).rejects.toMatchObject({
      details: { problems: expect.objectContaining({ length: 50 }), problemCount: 80 },
    });
  });

  it('refuses what is no text, what is unknown and what is repeated', async () => {
    const service = new RetrievalService();
    const binary = new File([new Uint8Array(4096)], 'model.onnx');
    await expect(service.load({ source: binary, params }, silent)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('model.onnx'),
    });
    await expect(service.load({ source: 'a', format: 'pdf', params }, silent)).rejects.toThrow('pdf');
    const twice = [
      { id: 'a', text: 'x' },
      { id: 'a', text: 'y' },
    ];
    await expect(service.load({ source: twice, params }, silent)).rejects.toThrow('passages 1 and 2');
    await expect(service.load({ source: 'a', params: { ...params, b: 7 } }, silent)).rejects.toThrow(
      'b is 7',
    );
  });

  it('an empty corpus is read, and says so', async () => {
    const service = new RetrievalService();
    const summary = await service.load({ source: ' \n\n', params }, silent);
    expect(summary).toMatchObject({ passages: 0, notices: [expect.objectContaining({ code: 'empty' })] });
    expect(service.search('wing', 10)).toMatchObject({ hits: [], passages: [], matched: 0 });
  });

  it('a file that changed since it was chosen is told by name', async () => {
    const source = new File(['wing'], 'corpus.txt');
    source.stream = () =>
      new ReadableStream({
        pull() {
          throw new DOMException('The file was changed.', 'NotReadableError');
        },
      });
    await expect(new RetrievalService().load({ source, params }, silent)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/corpus\.txt cannot be read.*choose it again/),
    });
  });
});

describe('cancel', () => {
  it('ends a load in the middle and keeps the index that was there', async () => {
    const service = await loaded({ source: 'old\twing\nother\tlift' });
    let phases = 0;
    const job = service.load({ source: many(60_000), params }, ({ phase, done }) => {
      if (phase === 'indexing' && done > 0 && phases++ === 0) service.cancel();
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(phases).toBeGreaterThan(0);
    expect(ids(service, 'wing')).toEqual(['old']);
  });

  it('a new load cancels the running one; searches are answered meanwhile', async () => {
    const service = await loaded({ source: 'old\twing\nother\tlift' });
    const first = service.load({ source: many(60_000), params }, silent);
    const refused = expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(ids(service, 'wing')).toEqual(['old']);
    await service.load({ source: 'new\twing\nmore\tlift', params }, silent);
    await refused;
    expect(ids(service, 'wing')).toEqual(['new']);
  });
});

describe('reindex', () => {
  it('takes k1, b and delta at once, and indexes anew for the others', async () => {
    const service = await loaded({ source: 'a\twing wing wing lift lift lift\nb\twing\nc\tthe end' });
    expect(ids(service, 'wing')).toEqual(['b', 'a']);
    const seen: IndexProgress[] = [];
    await service.reindex({ ...params, b: 0 }, (p) => seen.push(p));
    expect(seen).toEqual([]);
    expect(ids(service, 'wing')).toEqual(['a', 'b']);
    expect(ids(service, 'the')).toEqual([]);
    await service.reindex({ ...params, stopWords: false }, (p) => seen.push(p));
    expect(seen.at(-1)).toMatchObject({ phase: 'indexing', done: 3 });
    expect(ids(service, 'the')).toEqual(['c']);
  });

  it('without a corpus does nothing', async () => {
    await expect(new RetrievalService().reindex(params)).resolves.toBeGreaterThanOrEqual(0);
  });
});
