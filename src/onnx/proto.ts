/**
 * The generated ONNX protobuf classes. onnx-proto is CommonJS: Node's ESM loader shows its exports
 * under `default`, bundlers show them by name; this takes whichever is there.
 */
import * as loaded from 'onnx-proto';

type OnnxProto = typeof loaded;

export const proto: OnnxProto['onnx'] = ((loaded as OnnxProto & { default?: OnnxProto }).default ?? loaded)
  .onnx;
