import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invocationsRecording, numberedPassages } from './invocations.ts';
import { summarise } from './open.ts';
import type { Recording } from './recording.ts';

const prompt = (texts: readonly string[]): string =>
  [
    '<|system|>\nYou are RankLLM, an intelligent assistant.</s>\n<|user|>',
    `I will provide you with ${texts.length} passages, each indicated by a numerical identifier [].`,
    ...texts.map((text, i) => `[${i + 1}] ${text}`),
    'Search Query: tea.',
    'Rank the passages. The output format should be [] > [], e.g., [2] > [1].</s>\n<|assistant|>\n',
  ].join('\n');
const call = (prompt: unknown, response: string) => ({
  prompt,
  response,
  input_token_count: 100,
  output_token_count: 9,
});
const read = (calls: readonly unknown[], query: unknown = { text: 'tea', qid: 7 }): Recording =>
  invocationsRecording({ value: { query, invocations_history: calls }, line: 3 }, 0, 'h.json', 'prp-sliding');
const texts = ({ candidates }: Recording): string[] => candidates.map(({ passage }) => passage.text);
const ranking = ({ runs, candidates }: Recording): string[] => {
  const last = runs[0]!.events.at(-1)!;
  return last.type === 'ranking' ? last.order.map((at) => candidates[at]!.passage.text) : [];
};

describe('numberedPassages', () => {
  it('finds passages by number, letter and name, in one text or a chat, and none in the example of the format', () => {
    expect(numberedPassages(prompt(['one', 'two [3] of them', 'three\nlines']))).toEqual([
      'one',
      'two [3] of them',
      'three\nlines',
    ]);
    expect(numberedPassages('[A] one\n[B] two\nSearch Query: q')).toEqual(['one', 'two']);
    expect(numberedPassages('PASSAGE1 = "one"\nPASSAGE2 = "two"\n\nQUESTION: "q"')).toEqual(['one', 'two']);
    expect(numberedPassages('No passages here, e.g., [2] > [1]')).toEqual([]);
    // The question's passages, not those of an example before it.
    expect(numberedPassages('[1] x\n[2] y\nSearch Query: old\n[1] a\n[2] b\nSearch Query: q')).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('invocationsRecording', () => {
  it('puts windows that slide up a list together: first-stage order, each call, and the order that they came to', () => {
    const recording = read([
      call(prompt(['c', 'd']), '[2] > [1]'),
      call(prompt(['b', 'd']), '[2] > [1]'),
      call(prompt(['a', 'd']), '<think>[1] > [2]?</think>[1]'),
    ]);
    expect(recording.query).toEqual({ id: '7', text: 'tea' });
    expect(texts(recording)).toEqual(['a', 'b', 'c', 'd']);
    expect(recording.candidates.map(({ passage }) => passage.id)).toEqual(['p01', 'p02', 'p03', 'p04']);
    const listed = recording.runs[0]!.events.flatMap((event) => (event.type === 'listed' ? event.items : []));
    expect(listed).toMatchObject([
      { shown: [2, 3], order: [3, 2], malformed: false, tokens: 100, text: '[2] > [1]' },
      { shown: [1, 3], order: [3, 1], malformed: false },
      // It names one of two.
      { shown: [0, 3], order: [0, 3], malformed: true },
    ]);
    expect(ranking(recording)).toEqual(['a', 'd', 'b', 'c']);
    expect(recording.runs[0]).toMatchObject({ column: 'teacher', timed: false, template: null });
  });

  it('reads chats with a message a passage, and LiT5’s text a passage', () => {
    const chat = [
      { role: 'system', content: 'You are RankGPT.' },
      { role: 'user', content: 'I will provide you with 2 passages.' },
      { role: 'user', content: '[1] one' },
      { role: 'assistant', content: 'Received passage [1].' },
      { role: 'user', content: '[2] two' },
      { role: 'assistant', content: 'Received passage [2].' },
      { role: 'user', content: 'Search Query: q. e.g., [1] > [2].' },
    ];
    expect(ranking(read([call(chat, '[2] > [1]')]))).toEqual(['two', 'one']);
    const fid = ['one', 'two'].map((text, i) => ({
      text: `Search Query: q Passage: [${i + 1}] ${text} Relevance Ranking: `,
    }));
    expect(ranking(read([call(fid, '2 > 1')]))).toEqual(['two', 'one']);
    expect(ranking(read([call('[A] one\n[B] two\nSearch Query: q', '[B] > [A]')]))).toEqual(['two', 'one']);
  });

  it('knows a passage again that another prompt has cut shorter, and tells equal ones in one window apart', () => {
    const long = 'a passage that is long enough to be known again after it has been cut';
    const recording = read([
      call(prompt(['x', long.slice(0, 50)]), '[2] > [1]'),
      call(prompt(['same', long, 'same']), '[2] > [1] > [3]'),
    ]);
    expect(texts(recording)).toEqual(['same', 'same', 'x', long]);
  });

  it('finds the first stage’s order and the model’s behind any window and step, for a model that is always right', () => {
    const cases = fc.record({
      list: fc.shuffledSubarray('abcdefghijkl'.split(''), { minLength: 2 }),
      window: fc.integer({ min: 2, max: 6 }),
      step: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(cases, ({ list, window, step: wanted }) => {
        const step = Math.min(wanted, window - 1);
        const now = [...list];
        const calls: unknown[] = [];
        for (let end = list.length; ; end -= step) {
          const start = Math.max(0, end - window);
          const shown = now.slice(start, end);
          const sorted = [...shown].sort();
          calls.push(call(prompt(shown), sorted.map((one) => `[${shown.indexOf(one) + 1}]`).join(' > ')));
          now.splice(start, shown.length, ...sorted);
          if (start === 0) break;
        }
        const recording = read(calls);
        expect(texts(recording)).toEqual(list);
        expect(ranking(recording)).toEqual(now);
      }),
    );
  });

  it('is listed by how many of its answers were malformed, the worst first', () => {
    const good = read([call(prompt(['a', 'b']), '[2] > [1]')]);
    const bad = read([call(prompt(['a', 'b']), '[2] > [1]'), call(prompt(['a', 'b']), 'Sorry.')]);
    expect(summarise([good, bad])).toMatchObject([
      { index: 1, listings: 2, malformed: 1, decisions: 0 },
      { index: 0, listings: 1, malformed: 0 },
    ]);
  });

  const refused: readonly (readonly [string, readonly unknown[], RegExp])[] = [
    ['no calls', [], /h\.json, line 3: “invocations_history”: no call was kept/],
    ['no passages', [call('Yes or no?', 'Yes')], /“invocations_history\[0\]\.prompt”: no numbered passages/],
    ['no answer', [{ prompt: prompt(['a', 'b']) }], /“invocations_history\[0\]\.response”/],
    ['a prompt of another kind', [call(5, '')], /“invocations_history\[0\]\.prompt”: expected a list/],
    [
      'too many passages',
      [call(prompt(Array.from({ length: 201 }, (_, i) => `t${i}`)), '')],
      /more than 200/,
    ],
    [
      'counts that are none',
      [{ ...call(prompt(['a', 'b']), ''), input_token_count: -1 }],
      /input_token_count/,
    ],
  ];
  for (const [what, calls, reason] of refused) {
    it(`refuses ${what} with a reason`, () => expect(() => read(calls)).toThrow(reason));
  }

  it('never fails with a raw error', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), fc.anything(), (calls, query) => {
        try {
          read(calls, query);
        } catch (error) {
          expect((error as Error).message).toMatch(/^h\.json, line 3: /);
        }
      }),
    );
  });
});
