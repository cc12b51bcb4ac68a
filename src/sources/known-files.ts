/**
 * A folder on a plain static host has no listing: the names that a model's folder may have are asked for one by one. An answer's
 * head tells whether a file is there and how large it is; its body is not read.
 */
import { CLASSIFIER } from '../checkpoint/classifier-files.ts';
import { DATA_CHUNKS, dataName, STORED_SUFFIXES } from '../checkpoint/onnx-files.ts';
import { DECODERS, ENCODER } from '../checkpoint/pair-files.ts';
import { RankscopeError } from '../errors.ts';
import { ask, askPatiently, type Patience } from './http.ts';
import type { SourceFile } from './source-file.ts';

const SMALL = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'spiece.model'];
/** Of an original; one in shards has an index that would have to be read, and is opened as a folder. */
const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];

/**
 * @param folder URL, ending in `/`
 * @returns nothing where there is no config.json: then it is no model's folder
 * @throws RankscopeError 'network' or 'cancelled'
 */
export async function findKnownFiles(folder: string, patience: Patience): Promise<SourceFile[]> {
  const find = async (paths: readonly string[]): Promise<SourceFile[]> =>
    (await Promise.all(paths.map((path) => fileAt(folder, path, patience)))).filter(
      (file) => file !== undefined,
    );
  const config = await find(['config.json']);
  if (config.length === 0) return [];
  const onnx = (name: string) => (suffix: string) => `onnx/${name}${suffix}.onnx`;
  const encoders = await find(STORED_SUFFIXES.map(onnx(ENCODER)));
  // Only beside an encoder is a decoder of use.
  const suffixes = STORED_SUFFIXES.filter((suffix) =>
    encoders.some(({ path }) => path === onnx(ENCODER)(suffix)),
  );
  const others = suffixes.length > 0 ? [] : [...WEIGHTS, ...STORED_SUFFIXES.map(onnx(CLASSIFIER))];
  const [small, decoders] = await Promise.all([
    find([...SMALL.filter((path) => path !== 'config.json'), ...others]),
    find(DECODERS.flatMap((name) => suffixes.map(onnx(name)))),
  ]);
  const data: SourceFile[] = [];
  let graphs = [...encoders, ...decoders, ...small]
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.onnx'));
  for (let chunk = 0; chunk < DATA_CHUNKS && graphs.length > 0; chunk++) {
    const found = await find(graphs.map((graph) => dataName(graph, chunk)));
    graphs = graphs.filter((graph) => found.some(({ path }) => path === dataName(graph, chunk)));
    data.push(...found);
  }
  return [...config, ...small, ...encoders, ...decoders, ...data];
}

/** undefined where it is not there. @throws as `askPatiently` but for 'missing' */
async function fileAt(folder: string, path: string, patience: Patience): Promise<SourceFile | undefined> {
  const url = folder + path;
  let response: Response;
  try {
    // A range keeps hosts from packing: of a packed file the length would be another.
    response = await askPatiently(url, url, patience, (signal) => ask(url, { whole: true, signal }));
  } catch (error) {
    if (error instanceof RankscopeError && error.code === 'missing') return undefined;
    throw error;
  }
  const { headers } = response;
  await response.body?.cancel().catch(() => {});
  // Hosts of single-page apps answer every path with their index page.
  if (headers.get('content-type')?.startsWith('text/html')) return undefined;
  const length = headers.get('content-length');
  if (length !== null && headers.get('content-encoding') === null) return { path, size: Number(length), url };
  throw new RankscopeError(
    'network',
    `${url} is there, but the server does not say how large it is. Download the folder, and open it with “Open folder or zip”.`,
    { url },
  );
}
