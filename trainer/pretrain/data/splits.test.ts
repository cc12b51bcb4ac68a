import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fraction } from '../../input/hash-fraction.ts';
import { diseasePart, normaliseTitle, normaliseWords, passagePart, queryPart, titlePart } from './splits.ts';

describe('splits', () => {
  it('takes a title and a section of the same article to the same side', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (title, section) => {
        fc.pre(!title.includes(' – '));
        expect(titlePart(`${title} – ${section}`)).toBe(titlePart(title));
      }),
    );
  });

  it('ignores case, accents and punctuation', () => {
    expect(normaliseTitle('Les Misérables (film) – Plot')).toBe('les miserables film');
    expect(titlePart('BEYONCÉ')).toBe(titlePart('Beyonce'));
    expect(diseasePart("Alzheimer's Disease")).toBe(diseasePart('alzheimer s disease'));
    expect(normaliseWords('  What IS (are) it? ')).toBe('what is are it');
  });

  it('holds out about one article in twenty', () => {
    const titles = Array.from({ length: 20_000 }, (_, i) => `article ${i}`);
    const share = titles.filter((title) => titlePart(title) === 'held-out').length / titles.length;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.055);
  });

  it('holds out a query with its passage, whatever its words', () => {
    const titles = Array.from({ length: 200 }, (_, i) => `article ${i}`);
    const out = titles.find((title) => titlePart(title) === 'held-out') ?? '';
    const passage = { id: 'd1', title: out, text: 'text' };
    expect(out).not.toBe('');
    expect(queryPart('wikipedia', { id: 'q', text: 'anything' }, [passage])).toBe('held-out');
    expect(passagePart('wikipedia', passage)).toBe('held-out');
    expect(passagePart('openstax', passage)).toBe('train');
  });

  it('sets aside about a fifth of the training queries, by their words', () => {
    const texts = Array.from({ length: 8000 }, (_, i) => `question ${i}`);
    const parts = texts.map((text) => queryPart('openstax', { id: text, text }, []));
    const share = parts.filter((part) => part === 'distill').length / parts.length;
    expect(share).toBeCloseTo(1 / 5, 1);
    const shouted = texts.map((text) => queryPart('va-gov', { id: 'x', text: `${text.toUpperCase()}?` }, []));
    expect(shouted).toEqual(parts);
  });

  it('draws independently with another salt', () => {
    const both = Array.from({ length: 4000 }, (_, i) => [
      fraction(`${i}`, 'a') < 0.5,
      fraction(`${i}`, 'b') < 0.5,
    ]);
    const agree = both.filter(([a, b]) => a === b).length / both.length;
    expect(agree).toBeGreaterThan(0.45);
    expect(agree).toBeLessThan(0.55);
  });
});
