/** Templates with many passages, and those whose answer is a text: what they render to, what is wrong with them, what they hash to. */
import { describe, expect, it } from 'vitest';
import { Checked } from '../formats/json-check.ts';
import { readTemplateFields } from '../formats/template-fields.ts';
import { CONVERSATION_LISTWISE, PRESETS, PRP, QUERY_GENERATION, RANK_GPT, SETWISE } from './presets.ts';
import { promptText, renderPrompt, targetText } from './render.ts';
import type { PromptTemplate } from './template.ts';
import { editTemplate, matchesTrained, mayKnow, templateProblems } from './templates.ts';
import { wordingHash } from './wording-hash.ts';

const query = { text: 'why {passages}?' };
const passages = [{ text: 'Rain.' }, { title: 'Snow', text: 'Ice {label}.' }, { text: 'Sun.' }];

describe('prompts with many passages', () => {
  it('read as the published code of setwise has them, with as many labels as passages', () => {
    const prompt = renderPrompt(SETWISE, query, passages);
    expect(promptText(prompt)).toBe(
      'Given a query "why {passages}?", which of the following passages is the most relevant one to the query?\n\nPassage A: "Rain."\n\nPassage B: "Snow. Ice {label}."\n\nPassage C: "Sun."\n\nOutput only the passage label of the most relevant passage:',
    );
    expect(prompt.labels).toEqual(['A', 'B', 'C']);
    expect(prompt.decoderPrefix).toBe('Passage');
    expect(prompt.parts.filter(({ slot }) => slot).map(({ slot, cut }) => [slot, cut])).toEqual([
      ['query', undefined],
      ['passage_1', true],
      ['passage_2', true],
      ['passage_3', true],
    ]);
  });

  it('number passages for RankGPT, and say how many there are', () => {
    const prompt = renderPrompt(RANK_GPT, { text: 'q' }, passages.slice(0, 2));
    expect(promptText(prompt)).toContain(
      'The following are 2 passages, each indicated by number identifier []. I can rank them based on their relevance to query: q\n\n[1] Rain.\n\n[2] Snow. Ice {label}.\n\nThe search query is: q\n',
    );
    expect(prompt.labels).toEqual([]);
    expect(promptText(renderPrompt(CONVERSATION_LISTWISE, { text: 'q' }, passages))).toContain(
      '\n\n[1]: Rain.\n\n[2]: Snow. Ice {label}.\n\n[3]: Sun.\n\nAnswer the question with the number',
    );
  });

  it('report which passage was cut', () => {
    const long = { text: 'word '.repeat(150) };
    expect(renderPrompt(SETWISE, query, [passages[0]!, long]).cuts).toEqual([
      { slot: 'passage_2', kept: 499, total: 750 },
    ]);
  });

  it('refuse fewer and more passages than they can show', () => {
    expect(() => renderPrompt(SETWISE, query, passages.slice(0, 1))).toThrow(/takes 2 to 23 passage/);
    const many = Array.from({ length: 24 }, () => passages[0]!);
    expect(() => renderPrompt(SETWISE, query, many)).toThrow(/not 24/);
    expect(() => renderPrompt(RANK_GPT, query, [])).toThrow(/takes 1 to any number of passage/);
  });
});

it('query generation judges the query after a passage', () => {
  expect(promptText(renderPrompt(QUERY_GENERATION, query, [passages[0]!]))).toBe(
    'Passage: Rain.. Please write a question based on this passage.',
  );
  expect(targetText({ ...QUERY_GENERATION, target: 'Question: {query}' }, query)).toBe(
    'Question: why {passages}?',
  );
});

describe('what is wrong with one', () => {
  const problems = (template: PromptTemplate) => templateProblems(template).join(' ');

  it('is said of the line of a passage and of the text that is judged, too', () => {
    expect(problems({ ...SETWISE, item: '{passage}' })).toMatch(/\{label\} is missing: .* passage's label/);
    expect(problems({ ...RANK_GPT, item: '[{label}] {passage} {number}' })).toMatch(
      /\{label\} is not a slot of the line of a passage: use \{number\}, \{passage\}/,
    );
    expect(problems({ ...RANK_GPT, text: '{query} {passage}' })).toMatch(
      /\{passages\} is missing.*\{passage\} is not a slot of a listwise template/,
    );
    expect(problems({ ...QUERY_GENERATION, target: 'x' })).toMatch(/\{query\} is missing/);
    expect(problems({ ...SETWISE, labels: ['A'] })).toMatch(/needs two or more/);
    const { item: _, ...without } = SETWISE;
    expect(problems(without as PromptTemplate)).toMatch(/has no “item”/);
  });

  it('is nothing where a query is repeated or a number left out', () => {
    expect(problems({ ...RANK_GPT, text: '{query} {passages} {query}' })).toBe('');
  });
});

describe('wordings', () => {
  it('differ in their hashes by every field of their own', () => {
    const all: PromptTemplate[] = [
      ...PRESETS,
      { ...SETWISE, item: '{label} {passage}' },
      { ...SETWISE, separator: '\n' },
      { ...SETWISE, separator: '' },
      { ...RANK_GPT, answer: 'best' },
      { ...QUERY_GENERATION, target: 'Q: {query}' },
    ];
    expect(new Set(all.map(wordingHash)).size).toBe(all.length);
    expect(wordingHash({ ...SETWISE, separator: '\n\n' })).toBe(wordingHash(SETWISE));
  });

  it('are another training where such a field differs', () => {
    expect(matchesTrained(SETWISE, [SETWISE])).toBe(true);
    expect(matchesTrained({ ...SETWISE, labels: ['A', 'B', 'C'] }, [SETWISE])).toBe(true);
    expect(matchesTrained({ ...SETWISE, item: '{label} {passage}' }, [SETWISE])).toBe(false);
    expect(matchesTrained({ ...QUERY_GENERATION, target: 'Q: {query}' }, [QUERY_GENERATION])).toBe(false);
  });

  it('are edited in the fields of their kind alone', () => {
    const edit = { item: '{number}: {passage}', target: 'x', labels: ['A'] };
    const edited = editTemplate(RANK_GPT, edit);
    expect(edited).toMatchObject({ item: '{number}: {passage}', id: `custom-${wordingHash(edited)}` });
    expect(edited).not.toHaveProperty('target');
    expect(edited).not.toHaveProperty('labels');
    expect(editTemplate(PRP, edit)).not.toHaveProperty('item');
  });

  it.each(PRESETS)('of $id come back from a file as they were', (preset) => {
    const item = new Checked(JSON.parse(JSON.stringify(preset)), 'file', 1, '');
    expect(readTemplateFields(item, preset.kind)).toEqual(preset);
    expect(JSON.stringify(readTemplateFields(item, preset.kind))).toHaveLength(JSON.stringify(preset).length);
  });
});

describe('whether a checkpoint may know a kind of prompt', () => {
  it('is so where its card has one, or where nothing is known of its training', () => {
    expect(mayKnow('setwise-heapsort', [PRP, SETWISE])).toBe(true);
    expect(mayKnow('setwise-heapsort', [PRP])).toBe(false);
    expect(mayKnow('setwise-heapsort', [{ ...PRP, trained: false }])).toBe(true);
    expect(mayKnow('listwise', [{ ...PRP, trained: false }, SETWISE])).toBe(false);
    expect(mayKnow('listwise', [])).toBe(true);
  });
});
