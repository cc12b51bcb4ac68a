/** The state of the lesson on distillation: scores that are dragged, and the training as far as the tasks judge it. */
import { hasFailed, NO_RUN, ndcgCurve, type Run, spread, stepOf } from '../../../state/learn/run.ts';
import type { Study } from '../../../state/learn/training.ts';
import { formatShare } from '../../ui/numbers.ts';
import type { Judged, Task } from '../frame/lesson.ts';
import { fixed, numberOf } from '../frame/numbers.ts';
import { EXAMPLE, EXAMPLE_QUERY } from './example.ts';
import { partsOf } from './pairs.ts';

export const PARTS = ['loss', 'decision', 'price'] as const;
export type Part = (typeof PARTS)[number];

export interface DistillationState {
  /** What is shown above the training. */
  readonly part: Part;
  /** Scores of the example's passages, in the teacher's order. */
  readonly scores: readonly number[];
  /** The guess which passage is pulled hardest; undefined: still to be made; empty: not made, but shown. */
  readonly pulled: string | undefined;
  /** The guess how the student does on questions it never learnt from. */
  readonly better: string | undefined;
  readonly study: Study;
  /** Place in `RATES`. */
  readonly rate: number;
  readonly listSize: number;
  /** The decision that is followed: a question, and the pair's place among its pairs (undefined: the worst). */
  readonly follow: number;
  readonly pair: number | undefined;
  /** Passages of each question that is to be ranked, for the price. */
  readonly serve: number;
  /** The training as it stands; it is kept outside (state/learn/training.ts), and follows this when it changes here. */
  readonly run: Run;
  /** nDCG@10 of the teacher on the questions of that training; undefined before. */
  readonly teacher: number | undefined;
}

export const RATES = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1] as const;
export const RATE = RATES.indexOf(3e-4);
export const rateOf = ({ rate }: Pick<DistillationState, 'rate'>): number => RATES[rate]!;
/** `0.0003` */
export const rateText = (rate: number): string => rate.toFixed(5).replace(/0+$/, '');

/** Ids and titles of the samples. */
export const SAMPLES = {
  immunity: 'Immunity and vaccines',
  kitchen: 'Home cooking and food chemistry',
  'night-sky': 'The night sky',
  bicycles: 'How bicycles work and are mended',
  town: 'Town services FAQ',
} as const;
export type SampleId = keyof typeof SAMPLES;
const isSample = (id: string | null): id is SampleId => id !== null && Object.hasOwn(SAMPLES, id);

export const CANDIDATES = 8;
export const FEWEST = 2;
export const REACH = { low: -4, high: 4, step: 0.1 } as const;
export const SERVE = { min: 2, max: 100 } as const;
const STUDY: Study = { taught: 'town', heldOut: 'immunity', candidates: CANDIDATES };
export const START_SCORES = EXAMPLE.map(({ score }) => score);
/** The teacher's, in whose order the example stands. */
export const RANKS = EXAMPLE.map((_, i) => i + 1);
/** Only one passage can be moved so that the loss falls below it. */
export const GOAL_LOSS = 0.5;

export const letterOf = (place: number): string => String.fromCharCode(65 + place);

/**
 * Link: `part`, `s` (the example's scores), `rate`, `n` (list size), `most` (passages that the teacher compares), `learn`
 * and `measure` (samples), `serve`; `shown=1` opens without the questions.
 */
export function begin(params: URLSearchParams): DistillationState {
  const scores = (params.get('s') ?? '').split(',').map(Number);
  const valid = scores.length === EXAMPLE.length && scores.every((s) => s >= REACH.low && s <= REACH.high);
  const part = params.get('part');
  const shown = params.get('shown') === '1' ? '' : undefined;
  const [learn, measure] = [params.get('learn'), params.get('measure')];
  const taught = isSample(learn) ? learn : STUDY.taught;
  const heldOut = isSample(measure) ? measure : STUDY.heldOut;
  const candidates = Math.round(numberOf(params, 'most', FEWEST, CANDIDATES, CANDIDATES));
  const study = { taught, heldOut, candidates };
  const at = (RATES as readonly number[]).indexOf(Number(params.get('rate')));
  const same = JSON.stringify(study) === JSON.stringify(STUDY);
  return {
    part: PARTS.find((one) => one === part) ?? 'loss',
    scores: valid ? scores : START_SCORES,
    pulled: shown,
    better: shown,
    study: same ? STUDY : study,
    rate: at < 0 ? RATE : at,
    listSize: Math.round(numberOf(params, 'n', FEWEST, candidates, candidates)),
    follow: 0,
    pair: undefined,
    serve: Math.round(numberOf(params, 'serve', SERVE.min, SERVE.max, 10)),
    run: NO_RUN,
    teacher: undefined,
  };
}

export function link(state: DistillationState): URLSearchParams {
  const { study } = state;
  const params = new URLSearchParams();
  if (state.part !== 'loss') params.set('part', state.part);
  if (state.scores !== START_SCORES) params.set('s', state.scores.join());
  if (state.rate !== RATE) params.set('rate', String(rateOf(state)));
  if (state.listSize !== study.candidates) params.set('n', String(state.listSize));
  if (study.candidates !== CANDIDATES) params.set('most', String(study.candidates));
  if (study.taught !== STUDY.taught) params.set('learn', study.taught);
  if (study.heldOut !== STUDY.heldOut) params.set('measure', study.heldOut);
  if (state.serve !== 10) params.set('serve', String(state.serve));
  if (state.pulled !== undefined) params.set('shown', '1');
  return params;
}

/** Places of the example whose score is not the one that the lesson begins with. */
export const moved = ({ scores }: Pick<DistillationState, 'scores'>): number[] =>
  scores.flatMap((score, i) => (score === START_SCORES[i] ? [] : [i]));

function dragged(state: DistillationState): Judged {
  const { loss } = partsOf(state.scores, RANKS);
  const names = moved(state).map(letterOf);
  const now = `The loss is ${fixed(loss, 3)}`;
  if (names.length > 1) {
    return { done: false, remark: `${now}. But ${names.join(' and ')} have moved: put all but one back.` };
  }
  if (loss < GOAL_LOSS && names.length === 1) return { done: true, remark: `${now}.` };
  return { done: false, remark: `${now}${names[0] === undefined ? '' : `, with ${names[0]} moved`}.` };
}

function passes({ run, teacher }: DistillationState): Judged {
  const curve = ndcgCurve(run);
  const measured = curve.at(-1);
  if (teacher === undefined || !measured) return { done: false, remark: 'No student is trained yet.' };
  const [step, last] = measured;
  const best = Math.max(...curve.map(([, ndcg]) => ndcg));
  if (best > teacher) return { done: true, remark: `The student has reached ${formatShare(best)}.` };
  return {
    done: false,
    remark: `At step ${step} the student has ${formatShare(last)}, the teacher ${formatShare(teacher)}.`,
  };
}

function fails({ run }: DistillationState): Judged {
  const last = run.points.at(-1);
  if (!last) return { done: false, remark: 'No student is trained yet.' };
  const apart = `At step ${stepOf(run)} the scores of one question’s passages lie ${fixed(spread(last.scores))} apart`;
  if (hasFailed(run)) return { done: true, remark: `${apart}.` };
  return { done: false, remark: `${apart}, and the loss is ${fixed(last.loss, 3)}.` };
}

export const tasks: readonly Task<DistillationState>[] = [
  {
    id: 'drag',
    text: `In “Pairs and loss”, bring the loss below ${GOAL_LOSS.toFixed(2)} by moving only one passage.`,
    hints: [
      'Each passage is in three pairs. Which of the four loses most by them?',
      'The longest arrow says which passage is pulled hardest, and where to.',
      'Move D, which the teacher puts last, to −2 or lower: focus its handle and press Page Down three times.',
    ],
    judge: (state) =>
      state.pulled === undefined
        ? { done: false, remark: 'First answer the question in the figure.' }
        : dragged(state),
  },
  {
    id: 'pass',
    text: 'Train until the student ranks the questions it never learnt from better than the teacher does.',
    hints: [
      'Press Train and watch the second curve: the dashed line is the teacher.',
      'With a learning rate of 0.0003 it takes some twenty steps. Too few? Press Train again.',
      'If it goes down instead, press “Untaught student”, set the learning rate to 0.0003 and press Train.',
    ],
    judge: (state) =>
      state.better === undefined
        ? { done: false, remark: 'First say what you expect of the second curve.' }
        : passes(state),
  },
  {
    id: 'fail',
    text: 'Find a learning rate with which training fails: the student gives every passage the same score, and the loss stays at log 2 = 0.693.',
    hints: [
      'AdamW moves each weight by about the learning rate in each step, whatever the size of the gradient.',
      'Press “Untaught student”, take a rate a hundred times as large, and press Train.',
      'Press “Untaught student”, move “Learning rate” to 0.1, and press Train. It fails within a few steps.',
    ],
    judge: fails,
  },
];

export function inWords(state: DistillationState): readonly string[] {
  const { pairs, loss, gradient } = partsOf(state.scores, RANKS);
  const { run, teacher } = state;
  const shown = state.pulled !== undefined;
  const list = EXAMPLE.map(({ title }, i) => {
    const pull = gradient[i]!;
    const arrow = shown ? `, pulled ${pull > 0 ? 'down' : 'up'} by ${fixed(Math.abs(pull), 3)}` : '';
    return `${letterOf(i)}, ${title}: score ${fixed(state.scores[i]!, 1)}${arrow}`;
  });
  const last = run.points.at(-1);
  const curve = ndcgCurve(run);
  const measured = curve.at(-1);
  return [
    `Query “${EXAMPLE_QUERY}”; the passages in the teacher’s order. ${list.join('; ')}.`,
    `The mean loss of the ${pairs.length} pairs is ${fixed(loss, 3)}.`,
    last
      ? `Training: step ${last.step}, loss ${fixed(last.loss, 3)}, learning rate ${rateText(last.rate)}, lists of ${last.listSize}.`
      : 'No student is trained yet.',
    ...(measured && teacher !== undefined && state.better !== undefined
      ? [
          `nDCG@10 on ${SAMPLES[state.study.heldOut as SampleId]}: the student began with ${formatShare(curve[0]![1])} and has ${formatShare(measured[1])} at step ${measured[0]}; the teacher has ${formatShare(teacher)}.`,
        ]
      : []),
  ];
}
