import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Reads `--name: light-dark(#aaa, #bbb)` of tokens.css. */
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((match) => [
    match[1]!,
    { light: match[2]!, dark: match[3]! },
  ]),
);

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string, theme: 'light' | 'dark'): number {
  const of = (name: string) => {
    const token = tokens.get(name);
    if (!token) throw new Error(`tokens.css has no colour --${name}`);
    return luminance(token[theme]);
  };
  const [high, low] = [of(a), of(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

const surfaces = ['bg', 'canvas', 'sunken', 'raised', 'hover'];
const rows = ['canvas', 'bm25-wash', 'student-wash', 'base-wash', 'teacher-wash'];
const accents = ['bm25', 'student', 'base', 'teacher', 'lost'];
const factors = ['factor-tf', 'factor-length', 'factor-idf'];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each([
    ...surfaces.flatMap((on) => [['ink', on] as const, ['muted', on] as const]),
    ...rows.flatMap((on) => [['ink', on] as const, ['muted', on] as const]),
    ...accents.flatMap((text) => ['bg', 'canvas', 'raised'].map((on) => [text, on] as const)),
    ...factors.flatMap((text) => ['bg', 'canvas', 'raised'].map((on) => [text, on] as const)),
    ['lost', 'sunken'] as const,
    ['mark-ink', 'mark'] as const,
    ['grade-1-ink', 'grade-1'] as const,
    ['grade-2-ink', 'grade-2'] as const,
    ['grade-3-ink', 'grade-3'] as const,
    ['primary-ink', 'primary'] as const,
    ['primary-ink', 'primary-hover'] as const,
  ])('text %s on %s has 4.5 : 1', (text, on) => {
    expect(contrast(text, on, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ...['bg', 'canvas', 'raised', 'sunken', ...rows].map((on) => ['focus', on] as const),
    ...rows.flatMap((on) => accents.map((bar) => [bar, on] as const)),
    ...['bg', 'canvas', 'raised'].map((on) => ['line-strong', on] as const),
  ])('%s on %s, which carries meaning without text, has 3 : 1', (mark, on) => {
    expect(contrast(mark, on, theme)).toBeGreaterThanOrEqual(3);
  });
});
