/** Prompts joined from token runs equal the whole prompt tokenised at once (needs the made tokenizer). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedTemplates } from '../../src/ranking/embedded-templates.ts';
import { promptText, renderPrompt } from '../../src/ranking/render.ts';
import { padRows } from '../../src/training/pad-rows.ts';
import { openTokenizer } from './context.ts';
import { workFolder } from './data/work-folder.ts';
import { compileTemplate, fillTemplate, plainIds } from './prompts.ts';

const folder = join(workFolder, 'tokenizer');

describe.skipIf(!existsSync(join(folder, 'tokenizer.json')))(
  'token templates (skipped until `trainer pretrain` has made .cache/embedded/tokenizer)',
  () => {
    it.each(embeddedTemplates.map((template) => [template.id, template] as const))('%s', (_id, template) => {
      const tokenizer = openTokenizer(folder);
      const compiled = compileTemplate(template, tokenizer, { start: 0, end: 1 });
      const query = 'How many legs does a spider have?';
      const texts = [
        'Spiders are arachnids; they have eight legs.',
        'Passage A: "Query: it" – naïve Ünïcode 42% …',
      ];
      const slots = {
        query: plainIds(tokenizer, query),
        passage: plainIds(tokenizer, texts[0]!),
        passage_a: plainIds(tokenizer, texts[0]!),
        passage_b: plainIds(tokenizer, texts[1]!),
      };
      const passages = (template.kind === 'pairwise' ? texts : texts.slice(0, 1)).map((text) => ({ text }));
      const whole = promptText(renderPrompt(template, { text: query }, passages));
      expect([...fillTemplate(compiled, slots, 1)]).toEqual([...tokenizer.encode(whole).ids]);
      expect(compiled.labelIds).toHaveLength(template.labels.length);
    });
  },
);

describe('padRows', () => {
  it('pads to a multiple and masks the padding', () => {
    const { ids, mask, length } = padRows([Int32Array.of(5, 6, 1), Int32Array.of(7, 1)], 4);
    expect(length).toBe(4);
    expect([...ids]).toEqual([5, 6, 1, 0, 7, 1, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 0, 1, 1, 0, 0]);
  });
});
