import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PickleWriter } from '../../../trainer/testing/pickle-writer.ts';
import { refusal } from '../../../trainer/testing/temporary.ts';
import { RankscopeError } from '../../errors.ts';
import { readPickle } from './pickle.ts';
import { PickleDict, type PickleList, type PickleTuple, type PickleValue } from './pickle-values.ts';
import { Storage, TensorView, torchHooks } from './torch-objects.ts';

const read = (bytes: Uint8Array) => readPickle(bytes, torchHooks, 'model.bin').value;
const writer = () => new PickleWriter().proto();
/** A pickle written as text, like Python's own protocol 0 to 2 instructions. */
const raw = (text: string) => Buffer.from(text, 'latin1');

describe('data in pickles', () => {
  it('reads numbers, texts, tuples, lists and dicts', () => {
    const pickle = writer().op(0x7d).mark();
    pickle.text('n').int(-7).text('big').op(0x8a, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1);
    pickle.text('pair').int(1).op(0x88, 0x86).text('list').op(0x5d).mark().int(300).op(0x4e, 0x65);
    pickle.text('π').op(0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0);
    const { entries } = read(pickle.op(0x75).done()) as PickleDict;
    expect(entries.get('n')).toBe(-7);
    expect(entries.get('big')).toBe((1n << 64n) + 1n);
    expect((entries.get('pair') as PickleTuple).items).toEqual([1, true]);
    expect((entries.get('list') as PickleList).items).toEqual([300, null]);
    expect(entries.get('π')).toBe(1.5);
  });

  it('recalls what was memorised, as the same object', () => {
    const pickle = writer().op(0x7d, 0x71, 5).mark().text('self').op(0x68, 5, 0x75);
    const dict = read(pickle.done()) as PickleDict;
    expect(dict.entries.get('self')).toBe(dict);
  });

  it('reads protocol 4: frames, MEMOIZE, STACK_GLOBAL, short texts', () => {
    const short = (text: string) => [0x8c, text.length, ...Buffer.from(text)];
    const pickle = new PickleWriter().proto(4).op(0x95, 40, 0, 0, 0, 0, 0, 0, 0);
    pickle.op(...short('collections'), 0x94, ...short('OrderedDict'), 0x94, 0x93, 0x94, 0x29, 0x52, 0x94);
    expect(read(pickle.done())).toBeInstanceOf(PickleDict);
  });

  it('takes an OrderedDict from a list of pairs and passes over its state', () => {
    const pickle = writer().global('collections', 'OrderedDict').op(0x5d).mark();
    pickle
      .text('a')
      .int(1)
      .op(0x86, 0x65, 0x85, 0x52)
      .op(0x7d)
      .mark()
      .text('_metadata')
      .int(2)
      .op(0x75, 0x62);
    expect([...(read(pickle.done()) as PickleDict).entries]).toEqual([['a', 1]]);
  });

  it('describes a tensor as a view of its storage', () => {
    const storage = { type: 'HalfStorage', key: '3', elements: 30 };
    const view = read(writer().tensor(storage, 4, [2, 5], [1, 5]).done()) as TensorView;
    expect(view).toBeInstanceOf(TensorView);
    expect({ ...view }).toMatchObject({ offset: 4, shape: [2, 5], strides: [1, 5] });
    expect(view.storage).toMatchObject({ key: '3', stored: 'F16', elementBytes: 2, elements: 30 });
  });

  it('sees a parameter as its tensor', () => {
    const pickle = writer().global('torch._utils', '_rebuild_parameter').mark();
    pickle.tensor({ type: 'FloatStorage', key: '0', elements: 1 }, 0, [1], [1]).op(0x88).orderedDict();
    expect(read(pickle.tuple().op(0x52).done())).toBeInstanceOf(TensorView);
  });
});

describe('what pickles must not do', () => {
  it.each([
    ['os.system', 'cposix\nsystem\n(X\x02\0\0\0idtR.', 'posix.system'],
    ['eval', 'c__builtin__\neval\n(X\x01\0\0\x001tR.', '__builtin__.eval'],
    ['a name inside torch', 'ctorch\nload\n.', 'torch.load'],
    [
      'a name that only begins like ours',
      'ctorch._utils\n_rebuild_tensor_v2x\n.',
      'torch._utils._rebuild_tensor_v2x',
    ],
    ['__proto__', 'c__proto__\nconstructor\n.', '__proto__.constructor'],
    ['a method of the table of names', 'ctoString\n\n.', 'toString.'],
  ])('%s is refused by name', async (_, pickle, name) => {
    const message = await refusal(() => read(raw(pickle)));
    expect(message).toContain(`model.bin: its pickle asks for “${name}”`);
  });

  it.each([
    ['INST', '(iposix\nsystem\n.'],
    ['OBJ', '(cposix\nsystem\no.'],
    ['NEWOBJ', ')\x81.'],
    ['NEWOBJ_EX', '\x92.'],
    ['EXT1', '\x82\x01.'],
    ['PERSID', 'Pstorage\n.'],
    ['NEXT_BUFFER', '\x97.'],
  ])('%s is refused by name', async (name, pickle) => {
    // OBJ names its class first, which is refused first.
    const message = await refusal(() => read(raw(pickle)));
    expect(message).toContain(
      name === 'OBJ' ? 'posix.system' : `has the instruction ${name}, which weights do not need`,
    );
  });

  it('knows the allowed names only as descriptions: they cannot be used otherwise', async () => {
    const called = (build: (pickle: PickleWriter) => PickleWriter) =>
      refusal(() => read(build(writer()).done()));
    expect(await called((p) => p.global('torch', 'FloatStorage').op(0x29, 0x52))).toContain(
      'uses torch.FloatStorage in a way',
    );
    expect(await called((p) => p.global('torch._utils', '_rebuild_tensor_v2').op(0x29, 0x52))).toContain(
      'in a way',
    );
    expect(
      await called((p) => p.global('torch._utils', '_rebuild_parameter').int(1).op(0x85, 0x52)),
    ).toContain('in a way');
    // BUILD on anything but a dict would set attributes.
    expect(await called((p) => p.global('torch', 'FloatStorage').op(0x7d, 0x62))).toContain('sets the state');
    // A text that is called.
    expect(await called((p) => p.text('print').op(0x29, 0x52))).toContain('is damaged');
  });

  it.each([
    ['another word', (p: PickleWriter) => p.mark().text('module').tuple().op(0x51)],
    ['a text', (p: PickleWriter) => p.text('storage').op(0x51)],
    [
      'a storage type in words',
      (p: PickleWriter) => p.mark().text('storage').text('FloatStorage').text('0').tuple().op(0x51),
    ],
    ['a size below zero', (p: PickleWriter) => p.storage('FloatStorage', '0', -1)],
    ['a view of another storage', (p: PickleWriter) => p.storage('FloatStorage', '0', 4, 'some')],
  ])('a persistent id with %s is refused', async (_, build) => {
    expect(await refusal(() => read(build(writer()).done()))).toContain('not a tensor’s storage');
  });

  it.each([
    ['a negative offset', -1, [2], [1]],
    ['a negative size', 0, [-2], [1]],
    ['a negative stride', 0, [2], [-1]],
    ['more sizes than strides', 0, [2, 2], [1]],
    ['a hundred dimensions', 0, new Array(100).fill(1), new Array(100).fill(1)],
  ])('a tensor with %s is refused', async (_, offset, shape, strides) => {
    const storage = { type: 'FloatStorage', key: '0', elements: 4 };
    expect(await refusal(() => read(writer().tensor(storage, offset, shape, strides).done()))).toContain(
      'in a way',
    );
  });
});

describe('damaged pickles', () => {
  const whole = writer()
    .orderedDict()
    .mark()
    .text('weight')
    .tensor({ type: 'FloatStorage', key: '0', elements: 6 }, 0, [2, 3], [3, 1])
    .op(0x75)
    .done();

  /** The value, or the error; anything but ours is a failure. */
  function attempt(bytes: Uint8Array): PickleValue | RankscopeError {
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof RankscopeError) return error;
      throw error;
    }
  }

  it('every beginning of a pickle is refused', () => {
    expect(attempt(whole)).toBeInstanceOf(PickleDict);
    for (let length = 0; length < whole.length; length++) {
      expect(attempt(whole.subarray(0, length))).toBeInstanceOf(RankscopeError);
    }
  });

  it('random bytes never do anything but give a value or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void attempt(bytes)),
      { numRuns: 3000 },
    );
  });

  it('random instructions, too', () => {
    const opcodes = [...'().012BCGJKMNQRTUX]abcehjqrstu}'].map((letter) => letter.charCodeAt(0));
    const opcode = fc.constantFrom(
      ...opcodes,
      0x80,
      0x85,
      0x86,
      0x87,
      0x88,
      0x8a,
      0x8c,
      0x8d,
      0x93,
      0x94,
      0x95,
    );
    const bytes = fc.array(fc.oneof({ weight: 4, arbitrary: opcode }, fc.nat(255)), { maxLength: 120 });
    fc.assert(
      fc.property(bytes, (values) => void attempt(Uint8Array.from(values))),
      { numRuns: 5000 },
    );
  });

  it('a pickle with a few changed bytes, too', () => {
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of list) bytes[at] = value;
        const result = attempt(bytes);
        // A view stays a view of a storage: nothing else can come of it.
        if (result instanceof PickleDict) {
          for (const item of result.entries.values()) {
            if (item instanceof TensorView) expect(item.storage).toBeInstanceOf(Storage);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('doubling by the memo takes no time: nothing is ever walked or copied', () => {
    const bomb = writer().op(0x5d, 0x71, 0);
    for (let i = 0; i < 200; i++) bomb.op(0x71, i).mark().op(0x68, i, 0x68, i, 0x74);
    expect(attempt(bomb.mark().tuple().op(0x86).done())).toBeDefined();
  });

  it('a list of pairs is made a dict of once, not by every call that recalls it', () => {
    const twice = writer().op(0x5d, 0x71, 0).mark().text('a').int(1).op(0x86, 0x65);
    twice.global('collections', 'OrderedDict').op(0x68, 0, 0x85, 0x52).op(0x30);
    expect(read(twice.done())).toBeDefined();
    const again = writer().op(0x5d, 0x71, 0).mark().text('a').int(1).op(0x86, 0x65);
    for (let i = 0; i < 2; i++) again.global('collections', 'OrderedDict').op(0x68, 0, 0x85, 0x52);
    expect((attempt(again.op(0x86).done()) as Error).message).toMatch(/OrderedDict/);
  });

  it('a text longer than the file is refused before room is made for it', () => {
    expect((attempt(raw('X\xff\xff\xff\xff.')) as Error).message).toContain('is truncated');
    expect((attempt(raw('\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.')) as Error).message).toContain(
      'is truncated',
    );
  });
});
