/**
 * All parameters of a model in one Float32Array, with a view and a tensor for each: sessions read
 * the views, the optimiser walks the whole array.
 */
import type { Runtime, RuntimeTensor } from '../inference/runtime.ts';
import { sizeOf } from '../onnx/tensor.ts';

export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly size: number;
}

export class Parameters {
  readonly list: readonly Parameter[];
  readonly values: Float32Array;
  private readonly byName: ReadonlyMap<string, Parameter>;

  constructor(shapes: ReadonlyMap<string, readonly number[]>) {
    let offset = 0;
    this.list = [...shapes].map(([name, dims]) => {
      const parameter = { name, dims, offset, size: sizeOf(dims) };
      offset += parameter.size;
      return parameter;
    });
    this.values = new Float32Array(offset);
    this.byName = new Map(this.list.map((parameter) => [parameter.name, parameter]));
  }

  get(name: string): Parameter {
    const parameter = this.byName.get(name);
    if (!parameter) throw new RangeError(`no parameter ${name}`);
    return parameter;
  }

  /** A parameter's part of an array laid out like `values` (gradients, moments). */
  view(name: string, of: Float32Array = this.values): Float32Array {
    const { offset, size } = this.get(name);
    return of.subarray(offset, offset + size);
  }

  /** Tensors over the live values: a session sees every update without copying. */
  tensors(runtime: Runtime): Record<string, RuntimeTensor> {
    return Object.fromEntries(
      this.list.map(({ name, dims }) => [name, runtime.tensor('float32', this.view(name), dims)]),
    );
  }
}
