/**
 * A Graph as the bytes of an ONNX ModelProto. Weights are stored as raw little-endian data inside
 * the file, or left out to be fed as inputs (training).
 */
import type { onnx } from 'onnx-proto';
import type { Attribute, Dim, Graph, GraphNode, PendingConstant, Value } from './graph.ts';
import { ONNX_TYPE } from './ops.ts';
import { proto } from './proto.ts';
import type { TensorData } from './tensor.ts';

/** ONNX opset 20 (Gelu, ReduceMax with axes input …); IR 9 is what every runtime we pin reads. */
const OPSET = 20;
const IR_VERSION = 9;

/** Where a constant lies in a file beside the model. */
export interface ExternalPlace {
  /** Path relative to the model's, as onnxruntime is told it. */
  readonly location: string;
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Serialises a graph.
 * @param external where the graph's pending constants lie. Those of a branch of `If` are never pending: they are few
 *   and small (the vocabulary's ids, 128 kB), and stay in the model.
 * @param metadata key/value pairs stored in the model (`metadata_props`).
 * @returns the bytes of the model file; at most 2 GiB (protobuf's limit).
 */
export function encodeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
  external: ReadonlyMap<string, ExternalPlace> = new Map(),
): Uint8Array<ArrayBuffer> {
  const model = proto.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'rankscope',
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: encodeGraph(graph, 'main', external),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const bytes = proto.ModelProto.encode(model).finish();
  // A small result may be a view into a pooled buffer, which cannot be transferred; a large model has
  // a buffer of its own and is not copied once more.
  const { buffer } = bytes;
  const own = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return own ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function encodeGraph(
  graph: Graph,
  name: string,
  external: ReadonlyMap<string, ExternalPlace>,
): onnx.IGraphProto {
  return {
    name,
    node: graph.nodes.map((node) => encodeNode(node, external)),
    initializer: [...graph.initializers()].map(([key, data]) => encodeTensor(key, data, external.get(key))),
    input: graph.inputs.map(encodeValue),
    output: graph.outputs.map(encodeValue),
  };
}

function encodeNode(node: GraphNode, external: ReadonlyMap<string, ExternalPlace>): onnx.INodeProto {
  return {
    opType: node.op,
    domain: node.domain,
    name: node.outputs[0]?.name ?? '',
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value, external)),
  };
}

function encodeAttribute(
  name: string,
  value: Attribute,
  external: ReadonlyMap<string, ExternalPlace>,
): onnx.IAttributeProto {
  const { AttributeType } = proto.AttributeProto;
  if ('int' in value) return { name, type: AttributeType.INT, i: value.int };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ('ints' in value) return { name, type: AttributeType.INTS, ints: [...value.ints] };
  if ('floats' in value) return { name, type: AttributeType.FLOATS, floats: [...value.floats] };
  if ('graph' in value)
    return { name, type: AttributeType.GRAPH, g: encodeGraph(value.graph, name, external) };
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value.string) };
}

function encodeTensor(
  name: string,
  constant: TensorData | PendingConstant,
  place: ExternalPlace | undefined,
): onnx.ITensorProto {
  const { dtype, dims } = constant;
  if (!('data' in constant)) {
    if (!place) throw new RangeError(`constant ${name} has neither numbers nor a place`);
    const externalData = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
    const dataLocation = proto.TensorProto.DataLocation.EXTERNAL;
    return { name, dataType: ONNX_TYPE[dtype], dims: [...dims], dataLocation, externalData };
  }
  const { data } = constant;
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dataType: ONNX_TYPE[dtype], dims: [...dims], rawData };
}

function encodeValue({ name, dtype, dims }: Value): onnx.IValueInfoProto {
  const dim = dims.map((size: Dim) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: ONNX_TYPE[dtype], shape: { dim } } } };
}
