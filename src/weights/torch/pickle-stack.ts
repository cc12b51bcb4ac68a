/** The stack and the memo of a pickle machine. */
import type { RankscopeError } from '../../errors.ts';
import type { PickleBytes } from './pickle-bytes.ts';
import type { PickleValue } from './pickle-values.ts';

export class PickleStack {
  private readonly values: PickleValue[] = [];
  /** Heights of the stack where a MARK was set. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private readonly input: PickleBytes;

  constructor(input: PickleBytes) {
    this.input = input;
  }

  damaged(): RankscopeError {
    return this.input.error('is damaged');
  }

  push(value: PickleValue): true {
    this.values.push(value);
    return true;
  }

  peek(): PickleValue {
    if (this.values.length <= this.floor()) throw this.damaged();
    return this.values.at(-1)!;
  }

  pop(): PickleValue {
    return this.popMany(1)[0]!;
  }

  popMany(count: number): PickleValue[] {
    if (this.values.length - count < this.floor()) throw this.damaged();
    return this.values.splice(this.values.length - count);
  }

  mark(): true {
    this.marks.push(this.values.length);
    return true;
  }

  /** Everything above the last mark, and the mark. */
  popMark(): PickleValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.damaged();
    return this.values.splice(height);
  }

  /** POP takes a value, or the mark when nothing lies above it. */
  drop(): true {
    if (this.marks.length > 0 && this.values.length === this.floor()) this.marks.pop();
    else this.pop();
    return true;
  }

  remember(index = this.memo.size): true {
    this.memo.set(index, this.peek());
    return true;
  }

  recall(index: number): true {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damaged();
    return this.push(value);
  }

  /** The one value that is left. */
  result(): PickleValue {
    if (this.values.length !== 1 || this.marks.length > 0) throw this.damaged();
    return this.values[0]!;
  }

  private floor(): number {
    return this.marks.at(-1) ?? 0;
  }
}
