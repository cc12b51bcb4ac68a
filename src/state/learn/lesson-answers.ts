/**
 * What lessons ask a model, and its answers by what was asked: recorded ones until the model has loaded, then its own, asked
 * as the Inspector asks again. Answers live as long as the page, so that starting a lesson again costs no call.
 */
import { RankscopeError } from '../../errors.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import type { SeenPrompt } from '../../inference/seen-prompt.ts';
import type { SingleQuestion } from '../../ranking/questions.ts';
import { renderPrompt } from '../../ranking/render.ts';
import { type LabelTemplate, type LikelihoodTemplate, labelsOf } from '../../ranking/template.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { askAs } from '../inspector/question-runs.ts';

export type LessonTemplate = LabelTemplate | LikelihoodTemplate;

export interface LessonQuestion {
  readonly template: LessonTemplate;
  readonly query: string;
  /** Texts: one for a pointwise template, those shown as A and as B for a pairwise one. */
  readonly passages: readonly string[];
}

export interface LessonAnswer {
  /** Of the template's labels. */
  readonly logits: readonly number[];
  /** Of a likelihood template: of the tokens of the query, natural logarithms. */
  readonly logProbabilities?: readonly number[];
  readonly tokens: number;
  readonly ms: number;
  /** Asked by whoever recorded it, not here and now. */
  readonly recorded: boolean;
}

/** Answers by `questionName`. */
export type AnswerBook = Readonly<Record<string, LessonAnswer>>;

/** Equal for questions whose prompts and labels are equal, letter by letter. */
export const questionName = ({ template, query, passages }: LessonQuestion): string =>
  JSON.stringify([template.kind, template.text, template.decoderPrefix, labelsOf(template), query, passages]);

export const answerTo = (book: AnswerBook, question: LessonQuestion): LessonAnswer | undefined =>
  book[questionName(question)];

export const asSingle = ({ query, passages }: LessonQuestion): SingleQuestion => ({
  query: { text: query },
  passages: passages.map((text) => ({ text })),
});

/** Of one model: what it has answered since the page was opened. */
const known = new Map<string, Map<string, LessonAnswer>>();

const knownOf = ({ digest, dtype, device }: Pick<ScorerInfo, 'digest' | 'dtype' | 'device'>) => {
  const model = [digest, dtype, device].join();
  let answers = known.get(model);
  if (!answers) {
    answers = new Map();
    known.set(model, answers);
  }
  return answers;
};

/** What the model has answered already. */
export function alreadyAnswered(info: ScorerInfo, questions: readonly LessonQuestion[]): AnswerBook {
  const answers = knownOf(info);
  const names = questions.map(questionName).filter((name) => answers.has(name));
  return Object.fromEntries(names.map((name) => [name, answers.get(name)!]));
}

/**
 * Asks questions of one template; another asking of the slot ends this one.
 * @returns undefined where it was ended
 * @throws RankscopeError with what the model said
 */
export async function askForLesson(
  slot: ScorerSlot,
  questions: readonly LessonQuestion[],
): Promise<AnswerBook | undefined> {
  const { template } = questions[0]!;
  const run = await askAs('lesson', slot, { template, questions: questions.map(asSingle) });
  if (run.state === 'error') throw new RankscopeError('worker', run.error ?? 'The model gave no answer.');
  if (run.state !== 'done' || !run.info) return undefined;
  const answers = knownOf(run.info);
  for (const [i, question] of questions.entries()) {
    const answer = run.answers[i];
    if (!answer) continue;
    const { logits, logProbabilities, tokens, ms } = answer;
    answers.set(questionName(question), { logits, logProbabilities, tokens, ms, recorded: false });
  }
  return alreadyAnswered(run.info, questions);
}

/** A file of recorded answers to a lesson's first questions: public/samples/recordings, by scripts/record-lessons.ts. */
export interface LessonRecording {
  readonly version: 1;
  readonly made: { readonly at: string; readonly on: string };
  readonly checkpoint: ScorerInfo;
  readonly query: string;
  readonly passages: readonly string[];
  readonly templates: readonly LessonTemplate[];
  readonly answers: readonly RecordedAnswer[];
}

export interface RecordedAnswer {
  /** Positions in `templates` and `passages`. */
  readonly template: number;
  readonly shown: readonly number[];
  readonly logits: readonly number[];
  readonly logProbabilities?: readonly number[];
  readonly ms: number;
  /** Pieces of the prompt, the end token last, joined by spaces: a piece has none. */
  readonly tokens: string;
}

const questionOf = (
  { templates, passages, query }: LessonRecording,
  { template, shown }: RecordedAnswer,
): LessonQuestion => ({
  template: templates[template]!,
  query,
  passages: shown.map((position) => passages[position]!),
});

/** A recording's answers, marked as recorded. */
export function recordedBook(recording: LessonRecording): AnswerBook {
  return Object.fromEntries(
    recording.answers.map((answer) => {
      const { logits, logProbabilities, ms, tokens } = answer;
      const name = questionName(questionOf(recording, answer));
      return [name, { logits, logProbabilities, ms, tokens: tokens.split(' ').length, recorded: true }];
    }),
  );
}

/** A prompt as the recorded model read it, uncut; undefined where it was not recorded. */
export function recordedPrompt(recording: LessonRecording, question: LessonQuestion): SeenPrompt | undefined {
  const name = questionName(question);
  const found = recording.answers.find((answer) => questionName(questionOf(recording, answer)) === name);
  if (!found) return undefined;
  const { parts, labels, decoderPrefix } = renderPrompt(
    question.template,
    { text: question.query },
    question.passages.map((text) => ({ text })),
  );
  return {
    parts: parts.map(({ text, slot }) => ({ text, slot, lost: '' })),
    tokens: found.tokens.split(' '),
    labels,
    decoderPrefix,
  };
}
