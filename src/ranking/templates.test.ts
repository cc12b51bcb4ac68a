import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import {
  CONVERSATION_PAIRWISE,
  CONVERSATION_POINTWISE,
  MONO_T5,
  PRESETS,
  PRP,
  RELEVANCE,
  STUDENT,
} from './presets.ts';
import { cutWords, mergeCuts, passageText, promptText, renderPrompt } from './render.ts';
import type { PromptTemplate } from './template.ts';
import {
  defaultTemplate,
  editTemplate,
  isOffered,
  matchesTrained,
  templateProblems,
  validateTemplate,
} from './templates.ts';
import { wordingHash } from './wording-hash.ts';

const query = { text: 'what is "rain"?' };
const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');

describe('presets', () => {
  it('read as the paper and its code have them', () => {
    const [a, b] = [{ text: 'Rain is water.' }, { text: 'Snow is ice.' }];
    expect(promptText(renderPrompt(PRP, query, [a, b]))).toBe(
      'Question: Given a query "what is "rain"?", which of the following two passages is more relevant to the query?\n\npassage A: Rain is water.\n\npassage B: Snow is ice.\n\nOutput the identifier of the more relevant passage. The answer must be passage A or passage B.\nAnswer:',
    );
    expect(promptText(renderPrompt(RELEVANCE, query, [a]))).toBe(
      'Question: Given a query "what is "rain"?", Is the following passage relevant to the query?\n\nPassage : Rain is water.\n\nIf it is relevant answer Yes, else answer No.\n\nAnswer:',
    );
    expect(promptText(renderPrompt(STUDENT, query, [a]))).toBe(
      'Predict whether the given passage answer the question.\n\nQuestion: what is "rain"?\n\nPassage: Rain is water.\n\nDoes the passage answer the question?',
    );
    expect(promptText(renderPrompt(MONO_T5, query, [a]))).toBe(
      'Query: what is "rain"? Document: Rain is water. Relevant:',
    );
    expect(promptText(renderPrompt(CONVERSATION_POINTWISE, query, [a]))).toBe(
      'Question: Given the conversation history between the recommender and the user:\n\nwhat is "rain"?\n\nBased on the user\'s preference, is the following movie suitable to the user?\n\nMovie: Rain is water.\n\nThe answer must be Y or N. Give the answer after Answer: .',
    );
    expect(promptText(renderPrompt(CONVERSATION_PAIRWISE, query, [a, b]))).toBe(
      'Question: Given the conversation history between the recommender and the user:\n\nwhat is "rain"?\n\nBased on the user\'s preference, which of the following two movies is more suitable to the user?\n\nMovie A: Rain is water.\n\nMovie B: Snow is ice.\n\nThe answer must be A or B. Give the answer after the Answer: .',
    );
  });

  it('are complete, ASCII and unique', () => {
    for (const preset of PRESETS) {
      expect(templateProblems(preset), preset.id).toEqual([]);
      expect(preset.text, preset.id).toMatch(/^[\x00-\x7f]*$/);
    }
    expect(new Set(PRESETS.map((preset) => preset.id)).size).toBe(PRESETS.length);
    expect(PRP).toMatchObject({ decoderPrefix: 'passage', labels: ['A', 'B'], maxPassageWords: 100 });
    expect(STUDENT).toMatchObject({ decoderPrefix: '', labels: ['Yes'], maxPassageWords: 200 });
  });
});

describe('validateTemplate', () => {
  const problems = (changes: Partial<PromptTemplate>) =>
    templateProblems({ ...PRP, ...changes } as PromptTemplate).join(' ');

  it('names a missing, a repeated and an unknown slot', () => {
    expect(problems({ text: '{query} {passage_a}' })).toMatch(/\{passage_b\} is missing/);
    expect(problems({ text: '{query} {query} {passage_a} {passage_b}' })).toMatch(
      /\{query\} appears 2 times/,
    );
    expect(problems({ text: '{query} {passage_a} {passage_b} {Passage}' })).toMatch(
      /\{Passage\} is not a slot of a pairwise template: use \{query\}, \{passage_a\}, \{passage_b\}/,
    );
  });

  it('takes braces that are no slots as text', () => {
    expect(problems({ text: 'JSON: {"a": {}} {query} {passage_a} {passage_b} { x }' })).toBe('');
  });

  it('checks labels, version and word limit', () => {
    expect(problems({ labels: ['A'] })).toMatch(/needs two/);
    expect(problems({ labels: ['A', 'A'] })).toMatch(/differ/);
    expect(problems({ labels: ['passage A', ''] })).toMatch(
      /“passage A” must be one word.*“” must be one word/,
    );
    expect(problems({ version: 0 })).toMatch(/version is 0/);
    expect(problems({ maxPassageWords: 0 })).toMatch(/0 words/);
    expect(templateProblems({ ...STUDENT, labels: [] }).join()).toMatch(/needs one/);
  });

  it('throws bad-input with all problems', () => {
    try {
      validateTemplate({ ...STUDENT, text: 'Is it good?' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RankscopeError);
      expect(error).toMatchObject({
        code: 'bad-input',
        details: { problems: [expect.any(String), expect.any(String)] },
      });
      expect((error as Error).message).toMatch(/“Student \(Yes\)” cannot be used.*\{query\}.*\{passage\}/);
    }
  });
});

describe('renderPrompt', () => {
  it('marks slots, and lets only passages be cut', () => {
    const { parts } = renderPrompt(STUDENT, query, [{ text: 'x' }]);
    expect(parts.filter((part) => part.slot)).toEqual([
      { text: query.text, slot: 'query' },
      { text: 'x', slot: 'passage', cut: true },
    ]);
    expect(parts.filter((part) => part.cut && part.slot !== 'passage')).toEqual([]);
  });

  it('never reads slots inside a query or a passage', () => {
    const prompt = renderPrompt(PRP, { text: '{passage_a}' }, [{ text: '{query}' }, { text: '{passage_a}' }]);
    expect(promptText(prompt)).toContain('query "{passage_a}"');
    expect(promptText(prompt)).toContain('passage A: {query}\n\npassage B: {passage_a}\n');
  });

  it('cuts words of both passages and reports them in units of the whole text', () => {
    const long = { title: 'T', text: words(150) };
    const { parts, cuts } = renderPrompt(PRP, query, [{ text: 'short' }, long]);
    const kept = parts.find((part) => part.slot === 'passage_b')!.text;
    expect(kept.split(' ')).toHaveLength(100);
    expect(passageText(long).startsWith(kept)).toBe(true);
    expect(cuts).toEqual([{ slot: 'passage_b', kept: kept.length, total: passageText(long).length }]);
  });

  it('obeys the lower of two word limits', () => {
    const render = (maxPassageWords: number) =>
      renderPrompt(PRP, query, [{ text: words(150) }, { text: '' }], { maxPassageWords }).cuts[0]!.kept;
    expect(render(20)).toBe(words(20).length);
    expect(render(500)).toBe(words(100).length);
  });

  it('refuses a wrong number of passages', () => {
    expect(() => renderPrompt(PRP, query, [{ text: 'x' }])).toThrow(/takes 2 passage/);
  });
});

describe('passageText', () => {
  it('makes a title the first sentence', () => {
    expect(passageText({ text: 'Rain.' })).toBe('Rain.');
    expect(passageText({ title: ' ', text: 'Rain.' })).toBe('Rain.');
    expect(passageText({ title: 'Sky', text: 'Blue.' })).toBe('Sky. Blue.');
    expect(passageText({ title: 'Why?', text: 'Light.' })).toBe('Why? Light.');
    expect(passageText({ title: 'Sky', text: '' })).toBe('Sky');
  });
});

describe('titles as the published code writes them', () => {
  const labelled = editTemplate(STUDENT, { titles: 'labelled' });
  const passage = { title: 'Rain', text: 'water from clouds' };

  it('stand before the text with both labelled, and count when words are cut', () => {
    expect(passageText(passage, 'labelled')).toBe('Title: Rain Content: water from clouds');
    expect(passageText({ text: 'no title' }, 'labelled')).toBe('no title');
    expect(passageText({ title: 'Rain', text: '' }, 'labelled')).toBe('Title: Rain Content:');
    const short = renderPrompt({ ...labelled, maxPassageWords: 4 }, query, [passage]);
    expect(promptText(short)).toContain('Passage: Title: Rain Content: water\n');
    expect(short.cuts).toEqual([{ slot: 'passage', kept: 26, total: 38 }]);
  });

  it('are another wording for answers that are kept, and the same for what was trained', () => {
    expect(wordingHash(labelled)).not.toBe(wordingHash(STUDENT));
    expect(wordingHash({ ...STUDENT, titles: 'sentence' })).toBe(wordingHash(STUDENT));
    expect(editTemplate(labelled, { titles: undefined })).toBe(STUDENT);
    expect(matchesTrained(labelled, [STUDENT])).toBe(true);
    expect(templateProblems({ ...STUDENT, titles: 'loud' as 'labelled' })).toEqual([
      'Titles are written as one of sentence, labelled, not loud.',
    ]);
  });
});

describe('cutWords', () => {
  it('keeps a prefix with at most so many words, and everything when there are no more', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', ' ', '\n', '\u00a0', '😀', 'é'))
      .map((units) => units.join(''));
    const count = (value: string) => value.split(/\s+/u).filter(Boolean).length;
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 8 }), (value, limit) => {
        const cut = cutWords(value, limit);
        expect(value.startsWith(cut)).toBe(true);
        expect(count(cut)).toBe(Math.min(limit, count(value)));
        if (count(value) <= limit) expect(cut).toBe(value);
      }),
    );
  });
});

describe('mergeCuts', () => {
  it('puts a cut by tokens after a cut by words in units of the original', () => {
    expect(
      mergeCuts(
        [{ slot: 'passage_b', kept: 60, total: 100 }],
        [
          { slot: 'passage_b', kept: 40, total: 60 },
          { slot: 'passage_a', kept: 7, total: 9 },
        ],
      ),
    ).toEqual([
      { slot: 'passage_a', kept: 7, total: 9 },
      { slot: 'passage_b', kept: 40, total: 100 },
    ]);
  });

  it('keeps a cut by words when tokens cut nothing', () => {
    const cut = { slot: 'passage', kept: 60, total: 100 };
    expect(mergeCuts([cut], [{ slot: 'passage', kept: 60, total: 60 }])).toEqual([cut]);
  });
});

describe('matchesTrained', () => {
  it('compares wording, not names', () => {
    expect(matchesTrained(PRP, [STUDENT, { ...PRP, id: 'x' } as PromptTemplate])).toBe(true);
    expect(matchesTrained({ ...PRP, text: PRP.text.replace('\n\n', '\n') }, [PRP])).toBe(false);
    expect(matchesTrained({ ...PRP, decoderPrefix: '' }, [PRP])).toBe(false);
    expect(matchesTrained({ ...PRP, labels: ['B', 'A'] }, [PRP])).toBe(false);
    expect(matchesTrained(PRP, [])).toBe(false);
  });

  it('takes a wording that a card offers untrained for one that was not trained', () => {
    const offered = { ...PRP, trained: false };
    expect(matchesTrained(PRP, [offered])).toBe(false);
    expect(isOffered(PRP, [offered])).toBe(true);
    expect(isOffered(STUDENT, [offered])).toBe(false);
    expect(matchesTrained(PRP, [offered, { ...PRP, trained: true }])).toBe(true);
  });

  it('lets fewer labels be asked than were trained, not more', () => {
    const both = { ...STUDENT, labels: ['Yes', 'No'] };
    expect(matchesTrained(STUDENT, [both])).toBe(true);
    expect(matchesTrained(both, [STUDENT])).toBe(false);
  });
});

describe('defaultTemplate', () => {
  it("prefers the checkpoint's own wording of the kind and falls back to the paper's", () => {
    const own = { ...STUDENT, id: 'own' };
    expect(defaultTemplate('pointwise-yes', [PRP, own])).toBe(own);
    expect(defaultTemplate('rg', [PRP, own])).toBe(RELEVANCE);
    expect(defaultTemplate('prp-heapsort', [own])).toBe(PRP);
  });
});

describe('editTemplate', () => {
  it('names an edit by its wording and finds the way back', () => {
    const edit = editTemplate(PRP, { text: PRP.text.replace('relevant', 'useful') });
    expect(edit.id).toMatch(/^custom-[0-9a-f]{16}$/);
    expect(edit.id).toBe(`custom-${wordingHash(edit)}`);
    expect(edit.source).toBe('edited from paper-prp version 1');
    expect(editTemplate(edit, { text: PRP.text })).toBe(PRP);
    expect(editTemplate(PRP, { text: PRP.text })).toBe(PRP);
  });
});
