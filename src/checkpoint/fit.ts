/**
 * Whether a checkpoint fits the column that it is offered to, and the checkpoint in the other one: what people should know
 * before they read its ranking, in words. Nothing here forbids anything.
 */
import { acceptsTemplate } from '../ranking/methods/descriptor.ts';
import { monoT5 } from '../ranking/methods/monot5/method.ts';
import { pointwiseYes } from '../ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../ranking/methods/prp-allpair/method.ts';
import { readingOf } from '../ranking/methods/reading.ts';
import { defaultTemplate } from '../ranking/templates.ts';
import type { RankerCard } from './ranker-card.ts';

/** What a card is asked for: the student's one call per passage, the teacher's comparisons, the base's own Yes or No. */
export type Use = 'student' | 'teacher' | 'base';

export interface FitNote {
  /** 'fine': no reason for doubt, but it may surprise. 'doubt': its ranking may mean little. */
  readonly level: 'fine' | 'doubt';
  readonly code: 'not-a-student' | 'not-a-teacher' | 'no-pairwise' | 'true-or-false' | 'tokenizer' | 'label';
  /** One or two sentences. */
  readonly text: string;
}

export type FitCard = Pick<RankerCard, 'name' | 'role' | 'templates' | 'files'>;

/**
 * @param other the checkpoint in the other column, where there is one
 * @returns doubts first; nothing where all is as people expect
 */
export function fitOf(use: Use, card: FitCard, other?: FitCard): FitNote[] {
  const notes = [
    ...(use === 'student' ? asStudent(card) : []),
    ...(use === 'teacher' ? asTeacher(card) : []),
    ...(other ? tokenizers(card, other) : []),
  ];
  return notes.sort((a, b) => Number(a.level === 'fine') - Number(b.level === 'fine'));
}

function asStudent(card: FitCard): FitNote[] {
  const trained = card.templates.filter((one) => one.kind === 'pointwise' && one.trained !== false);
  const asked = defaultTemplate(pointwiseYes.id, card.templates);
  if (readingOf(pointwiseYes.id, asked) === monoT5.id && card.templates.some(({ id }) => id === asked.id)) {
    const text = `${card.name} is asked as monoT5 was trained: true or false, and its score is the log-probability of true.`;
    return [{ level: 'fine', code: 'true-or-false', text }];
  }
  if (card.role === 'student' || (card.role === 'teacher' && trained.length > 0 && !comparing(card)))
    return [];
  return [
    {
      level: 'doubt',
      code: 'not-a-student',
      text:
        trained.length > 0
          ? `${card.name} is not a student: nothing was distilled into it. It is asked “${asked.name}”, which it was trained on in another way; its ranking is that of a model before distillation.`
          : `${card.name} is not a student: it was never trained to score a passage by one word, and may rank worse than BM25. As a teacher it is asked what it knows better.`,
    },
  ];
}

function asTeacher(card: FitCard): FitNote[] {
  if (comparing(card)) {
    const known = card.templates.some((one) => acceptsTemplate(prpAllPairs, one) && one.trained !== false);
    return known || card.role !== 'student'
      ? []
      : [{ level: 'doubt', code: 'not-a-teacher', text: studentCompares(card) }];
  }
  if (card.role === 'student')
    return [{ level: 'doubt', code: 'not-a-teacher', text: studentCompares(card) }];
  return [
    {
      level: 'doubt',
      code: 'no-pairwise',
      text: `${card.name} has no wording for pairs: it was trained on one passage at a time. Asked to compare, with the paper's wording, its answers may mean little.`,
    },
  ];
}

const studentCompares = ({ name }: FitCard): string =>
  `${name} is a student: it was trained to score one passage at a time, not to compare two, and would decide nearly at random. Choose the model that taught it, or any FLAN-T5, as teacher.`;

const comparing = ({ templates }: FitCard): boolean =>
  templates.some((template) => acceptsTemplate(prpAllPairs, template));

function tokenizers(card: FitCard, other: FitCard): FitNote[] {
  const [own, its] = [card, other].map(({ files }) => files['tokenizer.json']?.sha256);
  if (own === undefined || its === undefined || own === its) return [];
  const text = `${card.name} and ${other.name} have different tokenizers. That is fine: both read the passages as text, and only their orders are compared; token counts and cuts may differ.`;
  return [{ level: 'fine', code: 'tokenizer', text }];
}

/**
 * Labels of a wording that are not single tokens of a model, or the same one: it cannot answer with them.
 * @param labelId a tokenizer's: throws for a word that is not one token
 */
export function labelNotes(
  labels: readonly string[],
  name: string,
  labelId: (label: string) => number,
): FitNote[] {
  const seen = new Map<number, string>();
  const note = (text: string): FitNote => ({ level: 'doubt', code: 'label', text });
  return labels.flatMap((label) => {
    let id: number;
    try {
      id = labelId(label);
    } catch {
      return note(
        `“${label}” is not a single token for ${name}, and answers are read from one token. Choose a shorter or commoner word.`,
      );
    }
    const same = seen.get(id);
    seen.set(id, label);
    return same === undefined
      ? []
      : note(`“${same}” and “${label}” are the same token for ${name}: its answers could not be told apart.`);
  });
}
