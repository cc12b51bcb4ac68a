/** What a pickle may hold here: plain data, and objects that only the reader's owner can make. */

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleObject;

export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict or an OrderedDict: entries keep their order. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** Anything that is not plain data: a class, a function's name, a tensor. */
export abstract class PickleObject {
  /** Like `torch.FloatStorage`, for errors. */
  abstract readonly name: string;
}

/** What the pickle's owner knows; whatever returns undefined is refused. */
export interface PickleHooks {
  /** The object that stands for `module.name`. */
  global(name: string): PickleObject | undefined;
  /** What "calling" such an object gives: a description of the result, never a call. */
  reduce(callee: PickleObject, args: readonly PickleValue[]): PickleValue | undefined;
  /** The object that an id outside the pickle stands for. */
  persistent(id: PickleValue): PickleObject | undefined;
}
