import { describe, expect, it } from 'vitest';
import type { SourceInfo } from '../../src/formats/label-line.ts';
import type { QueryList } from '../input/lists.ts';
import { connect, readQueueAddress, withoutSecrets } from './connection.ts';
import { differences, identityOf, runId } from './run-spec.ts';

const URL_WITH_SECRETS = 'rediss://someone:p%40ss%3Aw0rd@queue.example:6380/2';

describe('the queue’s address', () => {
  it('is shown without user and password', () => {
    expect(readQueueAddress(URL_WITH_SECRETS)).toEqual({
      url: URL_WITH_SECRETS,
      shown: 'rediss://queue.example:6380/2',
    });
    expect(readQueueAddress('env', { REDIS_URL: 'redis://:x@h' }).shown).toBe('redis://h');
  });

  it('is refused without being repeated', () => {
    for (const given of ['p@ssw0rd', 'http://:p@ssw0rd@host', 'redis:p@ssw0rd', 'redis://']) {
      expect(() => readQueueAddress(given)).toThrow(/address cannot be read; write redis:/);
      expect(() => readQueueAddress(given)).not.toThrow(/ssw0rd/);
    }
    expect(() => readQueueAddress('env', {})).toThrow(/REDIS_URL is empty/);
  });

  it('leaves no secret in what others say', () => {
    const said = `AUTH someone p@ss:w0rd failed at ${URL_WITH_SECRETS} (p%40ss%3Aw0rd)`;
    const safe = withoutSecrets(said, URL_WITH_SECRETS);
    expect(safe).not.toMatch(/w0rd|someone/);
    expect(safe).toContain('failed at');
  });

  it('says in words when nobody answers', async () => {
    const address = readQueueAddress('redis://:s3cret@127.0.0.1:1');
    const refused = await connect(address).catch((error: Error) => error.message);
    expect(refused).toMatch(
      /The queue at redis:\/\/127\.0\.0\.1:1 does not answer .*ECONNREFUSED.* Start it/,
    );
    expect(refused).not.toContain('s3cret');
  });
});

const info: SourceInfo = {
  kind: 'prp-allpair',
  name: 'teacher',
  digest: 'aa',
  dtype: 'fp32',
  device: 'cpu',
  runtime: 'onnxruntime-node 1.30.0',
  template: { id: 'prp', version: 1, wording: '1a' },
};

describe('who may take part', () => {
  it('is told what differs', () => {
    expect(differences(info, { ...info })).toEqual([]);
    expect(
      differences(info, {
        ...info,
        digest: 'bb',
        dtype: 'q8',
        runtime: 'onnxruntime-node 1.29.0',
        template: { id: 'prp', version: 1, wording: '2b' },
        passes: 3,
      }),
    ).toEqual([
      'weights: bb, not aa',
      'dtype: q8, not fp32',
      'version of onnxruntime: onnxruntime-node 1.29.0, not onnxruntime-node 1.30.0',
      expect.stringMatching(/^wording: .*2b.*, not .*1a/),
      'passes: 3, not none',
    ]);
  });

  it('is named by all of it, as is a labelling by its lists', () => {
    expect(identityOf(info)).toBe(identityOf({ ...info }));
    expect(identityOf(info)).not.toBe(identityOf({ ...info, dtype: 'q8' }));
    const list = (text: string): QueryList => ({ query: { id: 'q', text }, candidates: [], line: 1 });
    expect(runId(info, [list('tea')], 2)).toBe(runId(info, [{ ...list('tea'), line: 9 }], 2));
    expect(runId(info, [list('tea')], 2)).not.toBe(runId(info, [list('coffee')], 2));
    expect(runId(info, [list('tea')], 2)).not.toBe(runId(info, [list('tea')], 3));
  });
});
