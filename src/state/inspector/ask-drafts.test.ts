import { describe, expect, it } from 'vitest';
import { PRP } from '../../ranking/presets.ts';
import { promptsOf } from '../../ranking/questions.ts';
import { labelsOf } from '../../ranking/template.ts';
import { promptText } from '../../ranking/templates.ts';
import { type AskDraft, draftJob, edit, newDesk, redo, undo } from './ask-drafts.ts';

const draft: AskDraft = {
  query: 'tea',
  titles: [undefined, 'Pots'],
  texts: ['hot water', 'cold water'],
  wording: PRP.text,
};
const asked = (query: string): AskDraft => ({ ...draft, query });

describe('edits of a pair', () => {
  it('are undone by the stretch, by field, and done again', () => {
    let desk = newDesk(draft);
    desk = edit(desk, asked('teas'), 'query', 0);
    desk = edit(desk, asked('teas?'), 'query', 500);
    desk = edit(desk, { ...asked('teas?'), texts: ['hot', 'cold water'] }, 'text 0', 600);
    desk = edit(desk, { ...asked('teas?'), texts: ['', 'cold water'] }, 'text 0', 5000);
    expect(desk.past.length).toBe(3);
    const changed = desk.draft;
    desk = undo(undo(desk));
    expect(desk.draft).toEqual(asked('teas?'));
    desk = undo(undo(desk));
    expect(desk.draft).toEqual(draft);
    expect(undo(desk)).toBe(desk);
    desk = redo(redo(redo(desk)));
    expect(desk.draft).toEqual(changed);
    expect(redo(desk)).toBe(desk);
  });

  it('after an undo begin a step of their own and end what could be done again', () => {
    let desk = edit(newDesk(draft), asked('x'), 'query', 0);
    desk = edit(undo(desk), asked('y'), 'query', 10);
    expect(desk.future).toEqual([]);
    expect(undo(desk).draft).toEqual(draft);
  });
});

it('asks both orders of a draft with its own wording', () => {
  const wording = 'Q {query} A {passage_a} B {passage_b}';
  const job = draftJob(PRP, { ...asked('green tea'), wording });
  expect(labelsOf(job.template)).toEqual(PRP.labels);
  expect(promptsOf(job).map(promptText)).toEqual([
    'Q green tea A hot water B Pots. cold water',
    'Q green tea A Pots. cold water B hot water',
  ]);
});
