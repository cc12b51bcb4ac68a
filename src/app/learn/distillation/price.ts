/** When a distilled student has paid for its labels and its training, from seconds that were measured. */
import type { CallCost } from '../../../workers/train-protocol.ts';

export interface Spent {
  /** A pairwise and a pointwise call of this machine. */
  readonly pairs: CallCost;
  readonly points: CallCost;
  /** Calls that labelled the questions that were learnt from. */
  readonly labelCalls: number;
  readonly trainSeconds: number;
}

export interface Price {
  readonly labelSeconds: number;
  readonly trainSeconds: number;
  /** Of one question with so many passages. */
  readonly teacher: CallCost;
  readonly student: CallCost;
  /** Questions after which the student has been cheaper on the whole; undefined where it never is. */
  readonly breakEven: number | undefined;
}

const perCall = ({ calls, seconds }: CallCost): number => (calls === 0 ? 0 : seconds / calls);

/** @param passages of each question that is to be ranked */
export function priceOf({ pairs, points, labelCalls, trainSeconds }: Spent, passages: number): Price {
  const cost = (calls: number, one: CallCost): CallCost => ({ calls, seconds: calls * perCall(one) });
  const teacher = cost(passages * (passages - 1), pairs);
  const student = cost(passages, points);
  const labelSeconds = labelCalls * perCall(pairs);
  const saved = teacher.seconds - student.seconds;
  return {
    labelSeconds,
    trainSeconds,
    teacher,
    student,
    breakEven: saved > 0 ? Math.ceil((labelSeconds + trainSeconds) / saved) : undefined,
  };
}
