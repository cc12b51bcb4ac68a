/** The seven lessons: what each takes and gives. */
import type { ScorerSlot } from '../../workers/types.ts';

export interface LessonFacts {
  /** What stands in its address, after `#/learn/`. */
  readonly id: string;
  readonly title: string;
  /** What the reader can do afterwards. */
  readonly goal: string;
  readonly minutes: number;
  /** Takes a query and passages of one's own in its address: `q`, and `p` for each passage. */
  readonly ownTexts?: boolean;
  /** What one should know before. */
  readonly before: string;
  /** Slots whose embedded model the figure asks: nothing else is loaded. Absent: it asks none. */
  readonly models?: readonly ScorerSlot[];
}

export const lessons: readonly LessonFacts[] = [
  {
    id: 'bm25',
    title: 'BM25, term by term',
    goal: 'Explain any BM25 score as the sum of its parts, and say what k1 and b change.',
    minutes: 10,
    ownTexts: true,
    before: 'None.',
  },
  {
    id: 'asking',
    title: 'Asking a language model',
    goal: 'Read a relevance score as the logits of an answer, and see how it depends on the wording.',
    minutes: 12,
    ownTexts: true,
    before: 'Lesson 1.',
    models: ['teacher'],
  },
  {
    id: 'comparing',
    title: 'Comparing two',
    goal: 'Find position bias in a judge, and say what a contradiction means.',
    minutes: 10,
    ownTexts: true,
    before: 'Lesson 2.',
    models: ['teacher'],
  },
  {
    id: 'tournament',
    title: 'From games to a ranking',
    goal: 'Turn pairwise answers into a ranking, and find a cycle that no ranking can satisfy.',
    minutes: 10,
    before: 'None; lesson 3 helps.',
  },
  {
    id: 'cost',
    title: 'What n(n − 1) costs',
    goal: 'Choose a schedule of comparisons for a budget, and name what it may miss.',
    minutes: 12,
    before: 'Lesson 4.',
  },
  {
    id: 'distillation',
    title: 'Instruction distillation',
    goal: 'Follow one decision of the teacher into the loss, the gradient and the student’s new answer.',
    minutes: 20,
    before: 'Lesson 4; lessons 2 and 3 help.',
  },
  {
    id: 'judging',
    title: 'Judging rankings',
    goal: 'Compute nDCG, MRR and P@k by hand, and say when a difference between two systems means little.',
    minutes: 12,
    ownTexts: true,
    before: 'None.',
  },
];

/** Pages beside the lessons: what stands in their addresses, and their titles. */
export const PAGES = {
  system: 'How the pieces make a search system',
  teaching: 'For lecturers',
  exercises: 'Exercises',
} as const;

export type LearnPageId = keyof typeof PAGES;

export interface LearnPlace {
  /** Undefined on the list of lessons and on the other pages. */
  readonly lesson: LessonFacts | undefined;
  readonly page: LearnPageId | undefined;
  /** The state that the link asks for. */
  readonly params: URLSearchParams;
}

/** What an address such as `#/learn/bm25?k1=2` names; an unknown lesson is the list. */
export function readPlace(hash: string): LearnPlace {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  const id = path.replace(/\/+$/, '').split('/')[2] ?? '';
  return {
    lesson: lessons.find((lesson) => lesson.id === id),
    page: Object.hasOwn(PAGES, id) ? (id as LearnPageId) : undefined,
    params: new URLSearchParams(query),
  };
}

/** The address of a lesson, with a state. */
export function lessonHash(id: string, params?: URLSearchParams): string {
  const query = params?.toString() ?? '';
  return `#/learn/${id}${query && `?${query}`}`;
}
