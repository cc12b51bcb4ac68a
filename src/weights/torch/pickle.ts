/**
 * A pickle machine for data (Python's pickletools.py names the instructions). It knows those that
 * describe data; those that make objects of classes are handed to `hooks`, which describe in turn.
 * Nothing that a pickle names is ever called, looked up or imported: what is not known is refused.
 */
import { PickleBytes } from './pickle-bytes.ts';
import { OPCODE as OP, opcodeName } from './pickle-opcodes.ts';
import { PickleStack } from './pickle-stack.ts';
import {
  PickleDict,
  type PickleHooks,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';

const HIGHEST_PROTOCOL = 5;

export interface PickleResult {
  readonly value: PickleValue;
  /** Where the pickle ends in `bytes`. */
  readonly end: number;
}

/**
 * Reads the pickle at the beginning of `bytes`, in time and memory proportional to its length.
 * @param source names the file in errors.
 * @throws RankscopeError 'bad-checkpoint' for anything damaged or not known here.
 */
export function readPickle(bytes: Uint8Array, hooks: PickleHooks, source: string): PickleResult {
  const input = new PickleBytes(bytes, source);
  const stack = new PickleStack(input);
  for (;;) {
    const opcode = input.opcode();
    if (opcode === OP.STOP) return { value: stack.result(), end: input.at };
    if (!readData(opcode, input, stack) && !collect(opcode, stack) && !make(opcode, input, stack, hooks)) {
      throw input.error(
        `has the instruction ${opcodeName(opcode)}, which weights do not need; it was refused`,
      );
    }
  }
}

/** Numbers, texts, and what organises the pickle itself. */
function readData(opcode: number, input: PickleBytes, stack: PickleStack): boolean {
  switch (opcode) {
    case OP.PROTO: {
      const protocol = input.u8();
      if (protocol > HIGHEST_PROTOCOL) throw input.error(`has the unknown protocol ${protocol}`);
      return true;
    }
    case OP.FRAME:
      input.u64();
      return true;
    case OP.NONE:
      return stack.push(null);
    case OP.NEWTRUE:
      return stack.push(true);
    case OP.NEWFALSE:
      return stack.push(false);
    case OP.BININT:
      return stack.push(input.i32());
    case OP.BININT1:
      return stack.push(input.u8());
    case OP.BININT2:
      return stack.push(input.u16());
    case OP.LONG1:
      return stack.push(input.long(input.u8()));
    case OP.BINFLOAT:
      return stack.push(input.f64());
    case OP.BINUNICODE:
    case OP.BINSTRING:
      return stack.push(input.text(input.u32()));
    case OP.SHORT_BINUNICODE:
    case OP.SHORT_BINSTRING:
      return stack.push(input.text(input.u8()));
    case OP.BINUNICODE8:
      return stack.push(input.text(input.u64()));
    case OP.SHORT_BINBYTES:
      return stack.push(input.slice(input.u8()));
    case OP.BINBYTES:
      return stack.push(input.slice(input.u32()));
    case OP.BINPUT:
      return stack.remember(input.u8());
    case OP.LONG_BINPUT:
      return stack.remember(input.u32());
    case OP.MEMOIZE:
      return stack.remember();
    case OP.BINGET:
      return stack.recall(input.u8());
    case OP.LONG_BINGET:
      return stack.recall(input.u32());
    default:
      return false;
  }
}

/** Tuples, lists and dicts. */
function collect(opcode: number, stack: PickleStack): boolean {
  switch (opcode) {
    case OP.MARK:
      return stack.mark();
    case OP.POP:
      return stack.drop();
    case OP.POP_MARK:
      stack.popMark();
      return true;
    case OP.DUP:
      return stack.push(stack.peek());
    case OP.EMPTY_TUPLE:
      return stack.push(new PickleTuple([]));
    case OP.TUPLE1:
    case OP.TUPLE2:
    case OP.TUPLE3:
      return stack.push(new PickleTuple(stack.popMany(opcode - OP.TUPLE1 + 1)));
    case OP.TUPLE:
      return stack.push(new PickleTuple(stack.popMark()));
    case OP.EMPTY_LIST:
      return stack.push(new PickleList());
    case OP.APPEND:
      return append(stack, stack.popMany(1));
    case OP.APPENDS:
      return append(stack, stack.popMark());
    case OP.EMPTY_DICT:
      return stack.push(new PickleDict());
    case OP.SETITEM:
      return setItems(stack, stack.popMany(2));
    case OP.SETITEMS:
      return setItems(stack, stack.popMark());
    default:
      return false;
  }
}

function append(stack: PickleStack, items: readonly PickleValue[]): boolean {
  const list = stack.peek();
  if (!(list instanceof PickleList)) throw stack.damaged();
  for (const item of items) list.items.push(item);
  return true;
}

function setItems(stack: PickleStack, items: readonly PickleValue[]): boolean {
  const dict = stack.peek();
  if (!(dict instanceof PickleDict) || items.length % 2 !== 0) throw stack.damaged();
  for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i]!, items[i + 1]!);
  return true;
}

/** Everything that in Python would find a class or call something. */
function make(opcode: number, input: PickleBytes, stack: PickleStack, hooks: PickleHooks): boolean {
  switch (opcode) {
    case OP.GLOBAL: {
      const [module, name] = [input.line(), input.line()];
      return stack.push(find(`${module}.${name}`, input, hooks));
    }
    case OP.STACK_GLOBAL: {
      const [module, name] = stack.popMany(2);
      if (typeof module !== 'string' || typeof name !== 'string') throw stack.damaged();
      return stack.push(find(`${module}.${name}`, input, hooks));
    }
    case OP.REDUCE: {
      const [callee, args] = stack.popMany(2);
      if (!(callee instanceof PickleObject) || !(args instanceof PickleTuple)) throw stack.damaged();
      const made = hooks.reduce(callee, args.items);
      if (made === undefined)
        throw input.error(`uses ${callee.name} in a way that weights do not; it was refused`);
      return stack.push(made);
    }
    case OP.BINPERSID: {
      const made = hooks.persistent(stack.pop());
      if (made === undefined) throw input.error('refers to something that is not a tensor’s storage');
      return stack.push(made);
    }
    case OP.BUILD: {
      // A state dict's `_metadata` (versions of modules). Nothing else has a state.
      stack.pop();
      if (!(stack.peek() instanceof PickleDict))
        throw input.error('sets the state of an object; it was refused');
      return true;
    }
    default:
      return false;
  }
}

function find(name: string, input: PickleBytes, hooks: PickleHooks): PickleObject {
  const found = hooks.global(name);
  if (found) return found;
  throw input.error(
    `asks for “${name.slice(0, 200)}”`,
    'Weights do not need that: it was refused, and nothing in the file was run. ' +
      'Do not load this file with other software; ask its author for safetensors',
  );
}
