/** The recordings that are shipped with the samples: whole, small, and of the models and samples that are shipped. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRecordings } from '../src/formats/recording/open.ts';
import { progressAt } from '../src/ranking/progress/apply-events.ts';
import type { PromptTemplate } from '../src/ranking/template.ts';
import { defaultTemplate } from '../src/ranking/templates.ts';
import type { Sample, SampleIndex } from '../src/state/corpus/samples.ts';

const root = new URL('../public/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root));
const json = <T>(path: string): T => JSON.parse(read(path).toString('utf8')) as T;

const AGAIN = 'is out of date: npx tsx scripts/record-samples.ts';
const { samples } = json<SampleIndex>('samples/index.json');

interface Card {
  readonly files: Readonly<Record<string, { readonly sha256: string }>>;
  readonly templates: readonly PromptTemplate[];
}
const card = {
  student: json<Card>('models/demo-student/ranker.json'),
  teacher: json<Card>('models/demo-teacher/ranker.json'),
};

for (const { id, file } of samples) {
  describe(`the recording of ${id}`, () => {
    const packed = read(`samples/recordings/${id}.rankscope.json.gz`);
    const [recording, ...others] = openRecordings(packed, id);
    const sample = json<Sample>(`samples/${file}`);
    const { query, candidates, grades, runs, made } = recording!;

    it('is of the sample’s first question, passages and grades', () => {
      expect(others).toEqual([]);
      expect(packed.length).toBeLessThan(16_000);
      expect(query, AGAIN).toEqual({ id: sample.queries[0]!.id, text: sample.queries[0]!.text });
      const texts = new Map(sample.passages.map((passage) => [passage.id, passage.text]));
      for (const { passage } of candidates) expect(passage.text, AGAIN).toBe(texts.get(passage.id));
      for (const [passage, grade] of grades) expect(grade, AGAIN).toBe(sample.queries[0]!.grades[passage]);
      expect(Date.parse(made!.at)).toBeGreaterThan(0);
      expect(made!.on).toMatch(/cores/);
    });

    it('is of the models and prompts that are shipped, whole and with its times', () => {
      expect(runs.map(({ column }) => column)).toEqual(['student', 'teacher']);
      for (const { column, checkpoint, template, method, timed, state, kind, events } of runs) {
        const digests = Object.values(card[column].files).map(({ sha256 }) => sha256);
        expect(digests, AGAIN).toContain(checkpoint!.digest);
        expect(template, AGAIN).toEqual(defaultTemplate(method, card[column].templates));
        expect([timed, state]).toEqual([true, 'done']);
        const { asked, cached, planned } = progressAt(kind, candidates.length, events);
        expect([asked, cached]).toEqual([planned!.calls, 0]);
        // Something to watch.
        expect(events.length).toBeGreaterThan(column === 'teacher' ? 10 : 3);
      }
    });
  });
}
