/** The recordings that stand in for the lessons' model: of the model, the prompts and the passages that are shipped. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PASSAGES, QUERY } from '../src/app/learn/model/example.ts';
import { RECORDED_QUESTIONS } from '../src/app/learn/model/recorded-questions.ts';
import type { LessonRecording } from '../src/state/learn/lesson-answers.ts';
import { recordLesson } from './record-lessons.ts';

const root = new URL('../public/', import.meta.url);
const json = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), 'utf8')) as T;
const AGAIN = 'is out of date: npx tsx scripts/record-lessons.ts';
const sample = json<{ readonly passages: readonly { readonly text: string }[] }>('samples/bicycles.json');

it('the lessons’ passages are the sample’s', () => {
  const texts = sample.passages.map(({ text }) => text);
  for (const passage of PASSAGES) expect(texts).toContain(passage);
});

for (const lesson of RECORDED_QUESTIONS) {
  describe(`the recording ${lesson.file}`, () => {
    const recording = json<LessonRecording>(`samples/recordings/${lesson.file}.json`);

    it('has what the lesson asks, and says when and where it was made', () => {
      expect(recording.query, AGAIN).toBe(QUERY);
      expect(recording.passages, AGAIN).toEqual(PASSAGES);
      expect(recording.templates, AGAIN).toEqual(lesson.templates);
      expect(Date.parse(recording.made.at)).toBeGreaterThan(0);
      expect(recording.made.on).toMatch(/cores/);
    });

    it('holds what the shipped model answers', async () => {
      const now = await recordLesson(lesson);
      expect(recording.checkpoint.digest, AGAIN).toBe(now.checkpoint.digest);
      expect(recording.answers).toHaveLength(now.answers.length);
      for (const [i, { template, shown, tokens, logits, logProbabilities = [] }] of now.answers.entries()) {
        const recorded = recording.answers[i]!;
        expect({ ...recorded, logits: 0, ms: 0, logProbabilities: 0 }, AGAIN).toEqual({
          template,
          shown,
          tokens,
          logits: 0,
          ms: 0,
          logProbabilities: 0,
        });
        for (const [k, logit] of logits.entries()) expect(recorded.logits[k]).toBeCloseTo(logit, 1);
        for (const [k, one] of logProbabilities.entries()) {
          expect(recorded.logProbabilities![k]).toBeCloseTo(one, 1);
        }
      }
    });
  });
}
