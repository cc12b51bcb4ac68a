/** Which tensor of the files is which parameter: known before any data is read. */
import { RankscopeError } from '../errors.ts';
import { parseT5Config, type T5Config } from '../t5/config.ts';
import { HEAD, parameterShapes, SHARED } from '../t5/names.ts';
import { parameterOf } from '../t5/weights.ts';
import { isReadable, type TensorSource } from './tensor-source.ts';

export interface ModelPlan {
  readonly config: T5Config;
  /** Parameter name → where it lies, of the right shape. */
  readonly parameters: ReadonlyMap<string, TensorSource>;
  /** Number of weights. */
  readonly size: number;
  /** fp32 in memory, and the most that reading one tensor takes beside it. */
  readonly bytes: number;
  readonly scratch: number;
  /** The one type of all, if it is the same: F32, F16, BF16, F64. */
  readonly stored: string | undefined;
  /** The files hold a head of its own although the config says that it is the shared embedding. */
  readonly headMayBeShared: boolean;
  /** Names of tensors that no parameter is made of, in the files' order. */
  readonly unused: readonly string[];
}

/**
 * @param json parsed config.json. Tied or not is read from the tensors, as in `makeT5`.
 * @throws RankscopeError 'bad-checkpoint' naming file, parameter and reason.
 */
export function planModel(
  json: unknown,
  tensors: ReadonlyMap<string, TensorSource>,
  configPath: string,
): ModelPlan {
  const config = parseT5Config(json, configPath, tensors.has(HEAD));
  // Every block has tensors of its own: more blocks than tensors cannot be, and would fill the memory.
  const blocks = config.encoderLayers + config.decoderLayers;
  if (blocks > tensors.size) {
    throw new RankscopeError(
      'bad-checkpoint',
      `${configPath} asks for ${blocks} blocks, and the weights have ${tensors.size} tensors in all.`,
    );
  }
  const parameters = new Map<string, TensorSource>();
  for (const [name, shape] of parameterShapes(config)) {
    const found = parameterOf(tensors, name);
    if (!found) throw missing(name, tensors, configPath);
    checkTensor(name, found, shape);
    parameters.set(name, found);
  }
  const sources = [...parameters.values()];
  const used = new Set(sources);
  const size = sources.reduce((sum, { shape }) => sum + product(shape), 0);
  const types = new Set(sources.map(({ stored }) => stored));
  return {
    config,
    parameters,
    size,
    bytes: 4 * size,
    scratch: Math.max(...sources.map(({ scratch }) => scratch)),
    stored: types.size === 1 ? sources[0]!.stored : undefined,
    unused: [...tensors].filter(([, tensor]) => !used.has(tensor)).map(([name]) => name),
    headMayBeShared: tensors.has(HEAD) && parseT5Config(json, configPath).tiedHead,
  };
}

function checkTensor(name: string, found: TensorSource, shape: readonly number[]): void {
  const fail = (what: string) => {
    throw new RankscopeError('bad-checkpoint', `${found.path}: tensor ${found.name} ${what}.`, {
      file: found.path,
      tensor: name,
    });
  };
  if (found.shape.length !== shape.length || found.shape.some((dim, i) => dim !== shape[i])) {
    fail(`has shape [${found.shape.join(', ')}], config.json asks for [${shape.join(', ')}]`);
  }
  if (!isReadable(found.stored))
    fail(`holds ${found.stored}, not real numbers (quantised weights cannot be read)`);
}

function missing(
  name: string,
  tensors: ReadonlyMap<string, TensorSource>,
  configPath: string,
): RankscopeError {
  const names = [...tensors.keys()];
  const paths = [...new Set([...tensors.values()].map(({ path }) => path))].slice(0, 3).join(', ');
  const encoderOnly =
    name !== SHARED &&
    name.startsWith('decoder.') &&
    !names.some((other) => other.startsWith('decoder.block.'));
  const hint = encoderOnly
    ? 'It holds an encoder only (T5EncoderModel); a ranker needs the decoder too'
    : `It has ${names.slice(0, 3).join(', ')} and so on; is this the T5ForConditionalGeneration that ${configPath} describes?`;
  return new RankscopeError('bad-checkpoint', `${paths}: there is no tensor ${name}. ${hint}`, {
    tensor: name,
  });
}

const product = (shape: readonly number[]) => shape.reduce((result, dim) => result * dim, 1);
