/** A remote model against a service that speaks both protocols and misbehaves on demand. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Fault,
  type RemoteService,
  type ServiceOptions,
  startService,
} from '../../trainer/testing/remote-service.ts';
import { RankscopeError } from '../errors.ts';
import type { Prompt } from '../inference/scorer.ts';
import { openRemote, type RemoteOptions } from './remote-model.ts';

const KEY = 'sk-secret-1234567890';
const services: RemoteService[] = [];
afterEach(() => Promise.all(services.splice(0).map((one) => one.close())));

async function served(options: ServiceOptions = {}, own: Partial<RemoteOptions> = {}) {
  const service = await startService(options);
  services.push(service);
  const model = await openRemote({
    endpoint: service.url,
    model: 'judge',
    key: KEY,
    // Back-off without the waits; what a service asks for is waited for on the clock.
    random: () => -0.99,
    ...own,
  });
  return { service, model };
}

const prompt = (text: string): Prompt => ({
  parts: [{ text: 'Which one? ' }, { text }],
  decoderPrefix: 'Passage',
  labels: ['A', 'B'],
});

const texts = async (
  model: Awaited<ReturnType<typeof served>>['model'],
  prompts: string[],
  signal?: AbortSignal,
) => {
  const found: string[] = [];
  for await (const { indices, texts } of model.generate!(prompts.map(prompt), { maxNewTokens: 20, signal })) {
    found[indices[0]!] = texts[0]!;
  }
  return found;
};

const logitsOf = async (model: Awaited<ReturnType<typeof served>>['model'], prompts: string[]) => {
  const found: number[][] = [];
  for await (const { indices, logits } of model.score!(prompts.map(prompt))) found[indices[0]!] = [...logits];
  return found;
};

const caught = (asked: Promise<unknown>): Promise<RankscopeError> =>
  asked.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(RankscopeError);
      expect(
        JSON.stringify([(error as RankscopeError).message, (error as RankscopeError).details]),
      ).not.toContain(KEY);
      return error as RankscopeError;
    },
  );

describe('a chat service', () => {
  it('gets the prompt as one message with the key, a few at a time, and is counted', async () => {
    const { service, model } = await served({ key: KEY, write: (asked) => asked.slice(-1), takes: 20 });
    const prompts = Array.from({ length: 12 }, (_, i) => `${i % 10}`);
    expect(await texts(model, prompts)).toEqual(prompts);
    expect(Math.max(...service.seen.map(({ together }) => together))).toBe(4);
    expect(service.seen[0]).toMatchObject({ path: '/v1/chat/completions', authorization: `Bearer ${KEY}` });
    expect(service.seen[0]!.body).toMatchObject({
      model: 'judge',
      max_tokens: 20,
      temperature: 0,
      messages: [{ role: 'user', content: 'Which one? 0' }],
    });
    expect(model.counts()).toMatchObject({
      answers: 12,
      requests: 12,
      inputTokens: 36,
      outputTokens: 12,
      uncounted: 0,
    });
  });

  it('says that tokens were not counted', async () => {
    const { model } = await served({ usage: false, write: () => 'x' });
    await texts(model, ['1', '2']);
    expect(model.counts()).toMatchObject({ answers: 2, inputTokens: 0, uncounted: 2 });
  });

  it('gives labels by log-probabilities, behind the prefix', async () => {
    const { model } = await served({ write: () => 'Passage B' });
    const [[a, b]] = (await logitsOf(model, ['x'])) as [[number, number]];
    expect(Math.exp(b)).toBeCloseTo(0.75, 5);
    expect(Math.exp(a)).toBeCloseTo(0.2, 5);
    expect(model.counts()).toMatchObject({ byWords: 0, unreadable: 0 });
  });

  it.each(['none', 'refused'] as const)(
    'gives labels by words where log-probabilities are %s',
    async (logprobs) => {
      const answers = ['Passage A', 'B.', 'The more relevant one is B', 'Neither'];
      const { model, service } = await served(
        { logprobs, write: (asked) => answers[Number(asked.slice(-1))]! },
        { parallel: 1 },
      );
      expect(await logitsOf(model, ['0', '1', '2', '3'])).toEqual([
        [100, 0],
        [0, 100],
        [0, 100],
        [0, 0],
      ]);
      expect(model.counts()).toMatchObject({ byWords: 4, unreadable: 1 });
      // What it does not take is asked for once.
      const asked = service.seen.filter(({ body }) => body.logprobs !== undefined).length;
      expect(asked).toBe(logprobs === 'none' ? 4 : 1);
    },
  );

  it('is asked as it wants to be asked', async () => {
    const { model, service } = await served({ write: () => 'x' });
    service.faults.push(
      { kind: 'status', status: 400, message: "Use 'max_completion_tokens' instead of 'max_tokens'." },
      { kind: 'status', status: 400, message: "'temperature' does not support 0 with this model." },
    );
    expect(await texts(model, ['1'])).toEqual(['x']);
    expect(service.seen.at(-1)!.body).toMatchObject({ max_completion_tokens: 20 });
    expect(service.seen.at(-1)!.body).not.toHaveProperty('temperature');
    expect(service.seen.at(-1)!.body).not.toHaveProperty('max_tokens');
  });

  it('gives a model room that thinks before it answers', async () => {
    const { model, service } = await served({ write: () => '<think>hm, A or B?</think>\n\n[2] > [1]' });
    service.faults.push({
      kind: 'json',
      json: { choices: [{ message: { content: '<think>hm' }, finish_reason: 'length' }] },
    });
    expect(await texts(model, ['1'])).toEqual(['[2] > [1]']);
    expect(service.seen[1]!.body.max_tokens).toBeGreaterThan(1000);
  });
});

describe('a rerank service', () => {
  it('is asked for all passages, and sorted', async () => {
    const { model, service } = await served();
    const { order, scores, tokens } = await model.rerank!('red apple', [
      'a green pear',
      'a red apple',
      'a red car',
    ]);
    expect(order).toEqual([1, 2, 0]);
    expect(scores).toEqual([1, 0.5, 0]);
    expect(tokens).toBe(9);
    expect(service.seen[0]).toMatchObject({ path: '/v1/rerank', authorization: `Bearer ${KEY}` });
    expect(service.seen[0]!.body).toMatchObject({ model: 'judge', query: 'red apple', top_n: 3 });
  });

  it.each([
    ['nothing', {}],
    ['no scores', { results: [{ index: 0 }, { index: 1 }] }],
    ['a passage twice', { results: [0, 0].map((index) => ({ index, relevance_score: 1 })) }],
    ['a passage that was not asked', { results: [0, 2].map((index) => ({ index, relevance_score: 1 })) }],
    ['one too few', { results: [{ index: 0, relevance_score: 1 }] }],
  ])('is refused with %s', async (_, json) => {
    const { model, service } = await served();
    service.faults.push({ kind: 'json', json });
    expect((await caught(model.rerank!('q', ['one', 'two']))).message).toMatch(/gave an answer without/);
  });
});

describe('a service that misbehaves', () => {
  const passing: Fault[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'cut' },
  ];

  it('is asked again after failures that may pass', async () => {
    const told: string[] = [];
    const { model, service } = await served(
      { write: () => 'fine' },
      { onWait: (waiting) => waiting && told.push(waiting.message) },
    );
    service.faults.push(...passing);
    expect(await texts(model, ['1'])).toEqual(['fine']);
    expect(model.counts()).toMatchObject({ answers: 1, requests: 4 });
    expect(told[0]).toMatch(/answered 500: trying again/);
  });

  it('holds all requests for as long as a limit says', async () => {
    const told: string[] = [];
    const { model, service } = await served(
      { write: () => 'fine' },
      { onWait: (waiting) => waiting && told.push(waiting.message), parallel: 2 },
    );
    service.faults.push({ kind: 'status', status: 429, retryAfter: '1' });
    expect(await texts(model, ['1', '2', '3', '4'])).toEqual(['fine', 'fine', 'fine', 'fine']);
    expect(told[0]).toMatch(/limits requests: continuing in 1 s/);
    // One was under way beside the limited one; nothing else came within the second.
    const [first, ...rest] = service.seen.map(({ at }) => at);
    expect(rest.filter((at) => at - first! < 900).length).toBeLessThanOrEqual(1);
  });

  it.each<[string, Fault, RegExp]>([
    [
      'a refused key',
      { kind: 'status', status: 401, message: `Incorrect API key: ${KEY}` },
      /does not accept the key/,
    ],
    [
      'no such model',
      { kind: 'status', status: 404, message: 'no model judge' },
      /knows no such model.*no model judge/,
    ],
    [
      'a limit of an hour',
      { kind: 'status', status: 429, retryAfter: '3600' },
      /limited requests for too long/,
    ],
    ['a web page', { kind: 'html' }, /answered with a web page instead of JSON/],
    ['a wrong shape', { kind: 'json', json: { answer: 42 } }, /without “choices”/],
    [
      'a redirect',
      { kind: 'redirect', to: 'http://127.0.0.1:1/elsewhere' },
      /sends requests on to another address/,
    ],
  ])('ends with words at once: %s', async (_, fault, words) => {
    const { model, service } = await served();
    service.faults.push(fault);
    expect((await caught(texts(model, ['1']))).message).toMatch(words);
    expect(service.seen).toHaveLength(1);
  });

  it('gives up in words after five failures', async () => {
    const { model, service } = await served();
    service.faults.push(...Array.from({ length: 9 }, (): Fault => ({ kind: 'status', status: 500 })));
    expect((await caught(texts(model, ['1']))).message).toMatch(/failed several times \(500\)/);
    expect(service.seen).toHaveLength(5);
  });

  it('counts a request as lost that takes too long', async () => {
    const { model, service } = await served({ write: () => 'late' }, { timeoutMs: 100 });
    service.faults.push({ kind: 'slow', ms: 400 });
    expect(await texts(model, ['1'])).toEqual(['late']);
    expect(service.seen).toHaveLength(2);
  });

  it('that is not there is told in words', async () => {
    const { model, service } = await served();
    await service.close();
    expect((await caught(texts(model, ['1']))).message).toMatch(/cannot be reached.*Check the address/);
  });

  it('is left alone when the run is cancelled, also while it waits', async () => {
    const { model, service } = await served({}, { parallel: 1 });
    service.faults.push({ kind: 'status', status: 429, retryAfter: '60' });
    const stop = new AbortController();
    const asked = caught(texts(model, ['1', '2', '3'], stop.signal));
    await expect.poll(() => service.seen.length).toBe(1);
    stop.abort();
    expect((await asked).code).toBe('cancelled');
    expect(service.seen).toHaveLength(1);
  });
});

describe('openRemote', () => {
  it.each([
    ['', /address is empty/],
    ['example', /not a web address/],
    ['file:///etc/passwd', /must begin with https/],
    [`https://me:${KEY}@example.com/v1`, /name or password/],
    [`https://example.com/v1?key=${KEY}`, /could hold a key/],
  ])('refuses the address %s', async (endpoint, words) => {
    expect((await caught(openRemote({ endpoint, model: 'm' }))).message).toMatch(words);
  });

  it('refuses a key that cannot be a header, without repeating it', async () => {
    const asked = openRemote({ endpoint: 'http://localhost', model: 'm', key: `${KEY}\u2028x` });
    expect((await caught(asked)).message).toMatch(/characters that no key has/);
  });

  it('knows where requests go', async () => {
    const of = async (endpoint: string) => (await openRemote({ endpoint, model: 'm' })).address;
    expect(await of('http://localhost:11434')).toMatchObject({
      host: 'localhost:11434',
      chat: 'http://localhost:11434/v1/chat/completions',
      rerank: 'http://localhost:11434/v1/rerank',
    });
    // As Ollama and llama.cpp print theirs.
    for (const bare of ['localhost:11434', '127.0.0.1:8080/v1', '[::1]:8000']) {
      expect(await of(bare)).toEqual(await of(`http://${bare}`));
    }
    expect((await caught(of('localhost.example:80'))).message).toMatch(/must begin with https/);
    expect(await of('https://a.example/api/v2/rerank')).toMatchObject({
      chat: undefined,
      rerank: 'https://a.example/api/v2/rerank',
    });
  });

  it('is known by address and name, never by the key', async () => {
    const of = async (key: string, model = 'm') =>
      (await openRemote({ endpoint: 'http://localhost', model, key })).info;
    expect(await of('one')).toEqual(await of('two'));
    expect((await of('one')).digest).not.toBe((await of('one', 'n')).digest);
    expect((await of('one')).digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await of('one')).service).toBe('localhost');
  });
});
