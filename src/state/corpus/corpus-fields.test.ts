import { describe, expect, it } from 'vitest';
import { describeFields } from './corpus-fields.ts';

describe('describeFields', () => {
  it('names what was read as what, and what was left out', () => {
    const unused = ['url', 'date'];
    expect(describeFields({ id: ['_id'], title: ['title'], text: ['text'], unused, unusedCount: 2 })).toEqual(
      {
        read: 'Read: _id as id, title, text.',
        leftOut: 'Left out: url and date.',
      },
    );
    expect(describeFields({ id: [], title: [], text: ['text', 'body'], unused: [], unusedCount: 0 })).toEqual(
      {
        read: 'Read: text and body as text. There is no id: passages are numbered.',
        leftOut: '',
      },
    );
    const many = Array.from({ length: 20 }, (_, i) => `c${i}`);
    expect(
      describeFields({ id: ['id'], title: [], text: ['x'.repeat(99)], unused: many, unusedCount: 1500 }),
    ).toEqual({
      read: `Read: id, ${'x'.repeat(39)}… as text.`,
      leftOut: 'Left out: c0, c1, c2, c3, c4, c5 and 1,494 more.',
    });
  });
});
