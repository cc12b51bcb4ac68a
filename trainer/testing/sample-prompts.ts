/** Real prompts for tests: the queries and passages of a sample that the page ships. */
import { readFileSync } from 'node:fs';
import type { Prompt } from '../../src/inference/scorer.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { renderPrompt } from '../../src/ranking/templates.ts';
import type { Candidate, Passage, Query } from '../../src/types.ts';

export interface SampleCorpus {
  readonly passages: readonly Passage[];
  readonly queries: readonly Query[];
}

export function readSampleCorpus(
  name: 'night-sky' | 'kitchen' | 'bicycles' | 'immunity' | 'town',
): SampleCorpus {
  const path = new URL(`../../public/samples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as SampleCorpus;
}

/** The first n passages as candidates, in corpus order. */
export function firstCandidates({ passages }: SampleCorpus, n: number): Candidate[] {
  return passages.slice(0, n).map((passage, i) => ({ passage, rank: i + 1, score: n - i }));
}

/** Prompts of very different lengths: passages cut to 1, 5, 9 … words, for every query. */
export function mixedPrompts(corpus: SampleCorpus, template: PromptTemplate, count: number): Prompt[] {
  const shortened = (i: number): Passage => {
    const { id, text } = corpus.passages[i % corpus.passages.length]!;
    return {
      id,
      text: text
        .split(' ')
        .slice(0, 1 + ((i * 7) % 60))
        .join(' '),
    };
  };
  return Array.from({ length: count }, (_, i) => {
    const passages = template.kind === 'pairwise' ? [shortened(i), shortened(i * 7 + 3)] : [shortened(i)];
    return renderPrompt(template, corpus.queries[i % corpus.queries.length]!, passages);
  });
}
