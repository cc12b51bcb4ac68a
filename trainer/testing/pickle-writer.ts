/** Pickles for tests, instruction by instruction (protocol 2, as torch.save writes them). */

export class PickleWriter {
  private readonly parts: Buffer[] = [];

  op(...bytes: number[]): this {
    this.parts.push(Buffer.from(bytes));
    return this;
  }

  proto(version = 2): this {
    return this.op(0x80, version);
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    this.parts.push(Buffer.from('X'), length, bytes);
    return this;
  }

  int(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    if (value >= 0 && value < 256) return this.op(0x4b, value);
    this.parts.push(Buffer.from([0x8a, 8]), bytes);
    return this;
  }

  global(module: string, name: string): this {
    this.parts.push(Buffer.from(`c${module}\n${name}\n`));
    return this;
  }

  mark(): this {
    return this.op(0x28);
  }

  /** A tuple of everything since the mark. */
  tuple(): this {
    return this.op(0x74);
  }

  ints(values: readonly number[]): this {
    this.mark();
    for (const value of values) this.int(value);
    return this.tuple();
  }

  /** The persistent id of a storage. `view` adds the sixth field of old files. */
  storage(type: string, key: string, elements: number, view?: 'none' | 'some'): this {
    this.mark().text('storage').global('torch', type).text(key).text('cpu').int(elements);
    if (view === 'none') this.op(0x4e);
    if (view === 'some') this.int(1);
    return this.tuple().op(0x51);
  }

  orderedDict(): this {
    return this.global('collections', 'OrderedDict').op(0x29, 0x52);
  }

  /** _rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict()) */
  tensor(
    storage: { type: string; key: string; elements: number; view?: 'none' | 'some' },
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ): this {
    this.global('torch._utils', '_rebuild_tensor_v2').mark();
    this.storage(storage.type, storage.key, storage.elements, storage.view);
    return this.int(offset).ints(shape).ints(strides).op(0x89).orderedDict().tuple().op(0x52);
  }

  /** The bytes, with a STOP. */
  done(): Buffer {
    return Buffer.concat([...this.parts, Buffer.from('.')]);
  }
}
