/**
 * An ONNX graph under construction: inputs, constants, nodes, outputs. Every value knows its dtype
 * and dimensions, so that ops (ops.ts) infer shapes, gradients (src/autodiff) know what was
 * broadcast, and mistakes surface here and not in a runtime's error message.
 */
import { type ArrayOf, type DType, type TensorData, tensor } from './tensor.ts';

/** A fixed size, or the name of one that is known only at run time (`B`, `L`). */
export type Dim = number | string;

/** One edge of the graph. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly Dim[];
}

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly graph: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

export interface GraphNode {
  readonly op: string;
  /** '' is ONNX's own domain; 'com.microsoft' holds onnxruntime's contributed ops. */
  readonly domain: string;
  /** `undefined` is an optional input left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/** A constant whose shape is known and whose numbers come later, or lie in a file beside the model. */
export interface PendingConstant {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

export type FloatType = 'float32' | 'float64';

export class Graph {
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, TensorData>();
  /** Constants without their numbers, by name. */
  readonly pending = new Map<string, PendingConstant>();
  /** Names of both kinds in the order in which they were declared. */
  private readonly declared: string[] = [];
  /** The type that all real-number arithmetic uses; float64 makes the twin for gradient checks. */
  readonly float: FloatType;
  private readonly shared = new Map<string, Value>();
  private readonly counts: Map<string, number>;

  /** A subgraph (body of If, Loop) is given its parent, so that names stay unique across both. */
  constructor(options: { float?: FloatType; parent?: Graph } = {}) {
    this.float = options.float ?? options.parent?.float ?? 'float32';
    this.counts = options.parent?.counts ?? new Map();
  }

  /** A name not used before in this graph (or its parent), made from a hint. */
  unique(hint: string): string {
    const count = this.counts.get(hint) ?? 0;
    this.counts.set(hint, count + 1);
    return count === 0 ? hint : `${hint}_${count}`;
  }

  input(name: string, dtype: DType, dims: readonly Dim[]): Value {
    const value: Value = { name: this.unique(name), dtype, dims };
    this.inputs.push(value);
    return value;
  }

  /** A constant (initializer). `hint` becomes its name, made unique. */
  constant(hint: string, data: TensorData): Value {
    const value: Value = { name: this.unique(hint), dtype: data.dtype, dims: data.dims };
    this.constants.set(value.name, data);
    this.declared.push(value.name);
    return value;
  }

  /** A constant whose numbers `fulfil` gives, or a file beside the model (`encodeModel`). */
  pendingConstant(hint: string, dtype: DType, dims: readonly number[]): Value {
    const value: Value = { name: this.unique(hint), dtype, dims };
    this.pending.set(value.name, { dtype, dims });
    this.declared.push(value.name);
    return value;
  }

  /** Gives a pending constant its numbers. @throws RangeError when they do not fit its shape. */
  fulfil<T extends DType>(name: string, data: ArrayOf[T]): void {
    const { dtype, dims } = this.pending.get(name)!;
    this.constants.set(name, tensor(dtype, dims, data));
    this.pending.delete(name);
  }

  /** All constants as they were declared. */
  *initializers(): Generator<readonly [name: string, constant: TensorData | PendingConstant]> {
    for (const name of this.declared) {
      const constant = this.constants.get(name) ?? this.pending.get(name);
      if (constant) yield [name, constant];
    }
  }

  /** A constant that is made once and shared by all who ask with the same key. */
  sharedConstant(key: string, make: () => TensorData): Value {
    const known = this.shared.get(key);
    if (known) return known;
    const value = this.constant(key, make());
    this.shared.set(key, value);
    return value;
  }

  /** Adds a node; one Value is returned for each entry of `outputs`. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly { readonly dtype: DType; readonly dims: readonly Dim[] }[],
    attributes: Attributes = {},
    domain = '',
  ): Value[] {
    const hint = op.toLowerCase();
    const values = outputs.map(({ dtype, dims }) => ({ name: this.unique(hint), dtype, dims }));
    this.nodes.push({ op, domain, inputs, outputs: values, attributes });
    return values;
  }

  /** Adds a node with a single output. */
  node1(
    op: string,
    inputs: readonly (Value | undefined)[],
    output: { readonly dtype: DType; readonly dims: readonly Dim[] },
    attributes: Attributes = {},
    domain = '',
  ): Value {
    return this.node(op, inputs, [output], attributes, domain)[0]!;
  }

  /** Declares an output, under a name of its own when one is given. */
  output(value: Value, name?: string): Value {
    const named = name === undefined || name === value.name ? value : this.renamed(value, name);
    this.outputs.push(named);
    return named;
  }

  private renamed(value: Value, name: string): Value {
    const output: Value = { ...value, name: this.unique(name) };
    this.nodes.push({ op: 'Identity', domain: '', inputs: [value], outputs: [output], attributes: {} });
    return output;
  }
}
