import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stemTerm } from './stem.ts';

describe('stemTerm', () => {
  it('gives the stems that Porter published, in the case of the word', () => {
    // From the paper's own examples, step by step.
    const published =
      'caresses caress ponies poni cats cat feed feed agreed agre plastered plaster motoring motor sing sing ' +
      'conflated conflat hopping hop falling fall filing file happy happi sky sky relational relat ' +
      'conditional condit rational ration formaliti formal triplicate triplic hopeful hope goodness good ' +
      'revival reviv allowance allow adjustment adjust adoption adopt effective effect probate probat ' +
      'rate rate controll control roll roll';
    const words = published.split(' ');
    for (let i = 0; i < words.length; i += 2) expect(stemTerm(words[i]!), words[i]).toBe(words[i + 1]);
    expect(['Ponies', 'PONIES', 'Deductible'].map(stemTerm)).toEqual(['Poni', 'PONI', 'Deduct']);
  });

  it('knows the names that objects are born with as words', () => {
    expect(stemTerm('constructor')).toBe('constructor');
    expect(stemTerm('tostring')).toBe('tostr');
  });

  it('leaves everything else alone, and gives the same answer twice', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'aeiysdingtABé1서'),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 50 }), (term) => {
        const stem = stemTerm(term);
        expect(stemTerm(term)).toBe(stem);
        expect(stem.length).toBeLessThanOrEqual(term.length);
        if (!/^[a-z]+$/i.test(term)) expect(stem).toBe(term);
      }),
    );
  });
});
