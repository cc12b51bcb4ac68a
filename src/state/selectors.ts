/** Answers that follow from several stores. Each is a hook; the pure functions are beside it. */

/** Teacher against student, from fresh and warm work only. */
export type SpeedUp =
  | {
      readonly kind: 'ratio';
      /** Teacher's seconds / student's seconds. */
      readonly ratio: number;
      readonly student: SpeedSide;
      readonly teacher: SpeedSide;
      /** Both ran at once and slowed each other. */
      readonly raced: boolean;
    }
  /** Some answers came from the cache: stored times of all answers, never a ratio. */
  | {
      readonly kind: 'cached';
      readonly cached: number;
      readonly student: SpeedSide;
      readonly teacher: SpeedSide;
    }
  | { readonly kind: 'hidden'; readonly reason: string };

export interface SpeedSide {
  readonly seconds: number;
  readonly calls: number;
  readonly cached: number;
  /** e.g. `WASM · 2 threads · int8` */
  readonly conditions: string;
}

export interface MethodEstimate {
  readonly calls: number;
  /** The schedule may need fewer. */
  readonly upperBound: boolean;
  /** null while the model's speed or the prompts' length is unknown. */
  readonly seconds: number | null;
}

export interface Estimate {
  readonly student: MethodEstimate;
  readonly teacher: MethodEstimate;
}

export interface ColumnQuality {
  /** nDCG@1, @5, @10; null while nothing is graded. */
  readonly ndcg: { readonly at1: number; readonly at5: number; readonly at10: number } | null;
  /** Of the shown passages. */
  readonly judged: number;
  readonly shown: number;
}
