/**
 * Text to terms, for passages, queries and highlights alike: what is marked on the screen is exactly
 * what BM25 counted.
 *
 * A term is a run of letters and digits (with their combining marks). Punctuation parts terms, the
 * apostrophe and the hyphen too, so "l'avion" is found by "avion". An ideograph is a term by itself.
 * Scripts written without spaces, and Hangul, give overlapping pairs of letters, as Lucene's CJK analyser
 * does; a lone letter stands for itself. English words become their stems, unless that is switched off;
 * stop-words are recognised by the whole word, before it. An emoji is a term (variation selectors and skin tones aside), a
 * flag is one. Control characters part terms; invisible ones inside a word do not count.
 */
import {
  characterClass,
  HANGUL,
  IDEOGRAPH,
  IGNORABLE,
  MARK,
  PICTOGRAPH,
  REGIONAL,
  UNSPACED,
  WORD,
} from './characters.ts';
import { foldTerm, plainTerm } from './fold.ts';
import { stemTerm } from './stem.ts';
import { isStopWord } from './stop-words.ts';
import type { Bm25Params } from './types.ts';

/** The part of the parameters that decides what the terms are. */
export type TermParams = Pick<Bm25Params, 'stopWords' | 'fold' | 'stemming'>;

/** UTF-16 units of a term that count. Longer runs (a base64 blob) are cut, on both sides alike. */
export const MAX_TERM = 128;

export type TermSink = (term: string, start: number, end: number) => void;

/**
 * Calls `sink` for every term of a text, in order, with its place in UTF-16 code units. Places
 * overlap only for pairs. Time is linear in the text.
 */
export function forEachTerm(text: string, params: TermParams, sink: TermSink): void {
  const stemmed = params.stemming === 'english';
  const emit = (start: number, end: number): void => {
    const raw = text.slice(start, end - start > MAX_TERM ? start + MAX_TERM : end);
    const term = params.fold ? foldTerm(raw) : plainTerm(raw);
    if (term === '') return;
    if (params.stopWords && isStopWord(params.fold ? term : term.toLowerCase())) return;
    sink(stemmed ? stemTerm(term) : term, start, end);
  };
  let at = 0;
  while (at < text.length) {
    const start = at;
    const first = text.codePointAt(at)!;
    at += first > 0xffff ? 2 : 1;
    switch (characterClass(first)) {
      case WORD:
        at = runEnd(text, at, WORD);
        emit(start, at);
        break;
      case IDEOGRAPH:
        at = runEnd(text, at, MARK);
        emit(start, at);
        break;
      case UNSPACED:
        at = emitPairs(text, start, at, UNSPACED, emit);
        break;
      case HANGUL:
        at = emitPairs(text, start, at, HANGUL, emit);
        break;
      case REGIONAL: {
        const second = text.codePointAt(at);
        if (second !== undefined && characterClass(second) === REGIONAL) at += 2;
        emit(start, at);
        break;
      }
      case PICTOGRAPH:
        emit(start, at);
        break;
    }
  }
}

/** The terms of a text, in order, repetitions included. */
export function termsOf(text: string, params: TermParams): string[] {
  const terms: string[] = [];
  forEachTerm(text, params, (term) => terms.push(term));
  return terms;
}

/** End of the run of characters of one class, with marks and invisible characters among them. */
function runEnd(text: string, from: number, kind: number): number {
  let at = from;
  let end = from;
  while (at < text.length) {
    const code = text.codePointAt(at)!;
    const found = characterClass(code);
    if (found !== kind && found !== MARK && found !== IGNORABLE) break;
    at += code > 0xffff ? 2 : 1;
    // Trailing invisible characters are not part of the term.
    if (found !== IGNORABLE) end = at;
  }
  return end;
}

/** Overlapping pairs of a run of letters of one class; returns where the run ends. */
function emitPairs(
  text: string,
  start: number,
  afterFirst: number,
  kind: number,
  emit: (start: number, end: number) => void,
): number {
  let unit = start;
  let end = runEnd(text, afterFirst, MARK);
  let pairs = 0;
  for (;;) {
    const code = text.codePointAt(end);
    if (code === undefined || characterClass(code) !== kind) break;
    const next = end;
    end = runEnd(text, next + (code > 0xffff ? 2 : 1), MARK);
    emit(unit, end);
    unit = next;
    pairs++;
  }
  if (pairs === 0) emit(start, end);
  return end;
}
