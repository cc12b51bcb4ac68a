/** What is recorded for each lesson: all that it asks before the reader has changed a text. */
import { embeddedPairwise } from '../../../ranking/embedded-templates.ts';
import { QUERY_GENERATION } from '../../../ranking/presets.ts';
import type { LessonTemplate, RecordedAnswer } from '../../../state/learn/lesson-answers.ts';
import { TAUGHT, templateWith, WORDINGS } from '../asking/wordings.ts';
import { PASSAGES } from './example.ts';

export interface RecordedQuestions {
  /** Name of its file in public/samples/recordings. */
  readonly file: string;
  readonly templates: readonly LessonTemplate[];
  readonly questions: readonly Pick<RecordedAnswer, 'template' | 'shown'>[];
}

const ALL = PASSAGES.map((_, i) => i);
const WORDED: readonly LessonTemplate[] = [
  TAUGHT,
  ...WORDINGS.map(({ text }) => templateWith(text)),
  QUERY_GENERATION,
];

export const RECORDED_QUESTIONS: readonly RecordedQuestions[] = [
  {
    file: 'lesson-asking',
    templates: WORDED,
    questions: WORDED.flatMap((_, template) => ALL.map((i) => ({ template, shown: [i] }))),
  },
  {
    file: 'lesson-comparing',
    templates: [embeddedPairwise],
    questions: ALL.flatMap((a) => ALL.map((b) => ({ template: 0, shown: [a, b] }))),
  },
];
