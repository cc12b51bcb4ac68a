/** Folders in transformers.js' layout for tests: random weights and the tiny tokenizer, made anew by every test. */
import { proto } from '../../src/onnx/proto.ts';
import { writeT5Config } from '../../src/t5/config.ts';
import { pairGraphs } from '../../src/t5/testing/pair-graphs.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { tinyModel, tinyTokenizer } from './tiny-checkpoint.ts';

export interface TinyPairOptions {
  readonly model?: T5Model;
  readonly dtypes?: readonly ('fp32' | 'q4')[];
  /** Files of weights beside each graph. */
  readonly chunks?: 0 | 1 | 2;
  /** Fields of config.json that differ from the model's. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly license?: string;
}

/** Files by path. */
export function tinyPair({
  model = tinyModel(),
  dtypes = ['fp32'],
  chunks = 0,
  config,
  license,
}: TinyPairOptions = {}): Map<string, Uint8Array<ArrayBuffer>> {
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  const texts: Record<string, string> = {
    'config.json': JSON.stringify({ ...writeT5Config(model.config), ...config }),
    'tokenizer.json': tokenizerJson,
    'tokenizer_config.json': tokenizerConfigJson,
  };
  if (license) texts['README.md'] = `---\nlicense: ${license}\n---\n`;
  const files = new Map(
    Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)] as const),
  );
  for (const dtype of dtypes) {
    const suffix = dtype === 'fp32' ? '' : '_q4';
    const { encoder, decoder } = pairGraphs(model, dtype);
    for (const [name, bytes] of Object.entries({ encoder_model: encoder, decoder_model: decoder })) {
      for (const [file, data] of split(`${name}${suffix}.onnx`, bytes, chunks))
        files.set(`onnx/${file}`, data);
    }
  }
  return files;
}

/** A graph with its large weights in files beside it, each in turn. */
function split(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  chunks: number,
): Map<string, Uint8Array<ArrayBuffer>> {
  if (chunks === 0) return new Map([[name, bytes]]);
  const model = proto.ModelProto.decode(bytes);
  const beside = Array.from({ length: chunks }, () => [] as number[]);
  const large = model.graph!.initializer!.filter(({ rawData }) => (rawData?.length ?? 0) > 256);
  for (const [i, tensor] of large.entries()) {
    const chunk = i % chunks;
    const own = Uint8Array.from(tensor.rawData!);
    Object.assign(tensor, {
      rawData: new Uint8Array(),
      dataLocation: proto.TensorProto.DataLocation.EXTERNAL,
      externalData: [
        { key: 'location', value: dataName(name, chunk) },
        { key: 'offset', value: String(beside[chunk]!.length) },
        { key: 'length', value: String(own.length) },
      ],
    });
    for (const byte of own) beside[chunk]!.push(byte);
  }
  return new Map([
    [name, new Uint8Array(proto.ModelProto.encode(model).finish())],
    ...beside.map((data, chunk) => [dataName(name, chunk), Uint8Array.from(data)] as const),
  ]);
}

const dataName = (name: string, chunk: number) => `${name}_data${chunk === 0 ? '' : `_${chunk}`}`;
