/** The weights of a plan, read into memory as fp32. */
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import { float32, type TensorData } from '../onnx/tensor.ts';
import { HEAD, SHARED } from '../t5/names.ts';
import { makeT5, type ReadableT5, type T5Model } from '../t5/weights.ts';
import type { ModelPlan } from './plan-model.ts';
import type { TensorSource } from './tensor-source.ts';

export interface ReadOptions {
  readonly signal?: { readonly aborted: boolean };
  /** Bytes of weights (as fp32) that are there, of `plan.bytes`. */
  readonly onProgress?: (done: number) => void;
}

/**
 * @param json parsed config.json.
 * @param source names the folder in errors, ending in `/`.
 * @throws RankscopeError 'bad-checkpoint' for damaged data and for numbers that are not finite.
 */
export async function readModel(
  plan: ModelPlan,
  json: unknown,
  source: string,
  { signal, onProgress }: ReadOptions = {},
): Promise<T5Model> {
  const weights = new Map<string, TensorData<'float32'>>();
  let done = 0;
  for (const [name, tensor] of plan.parameters) {
    throwIfCancelled(signal);
    const values = await tensor.read();
    checkFinite(values, tensor);
    weights.set(name, float32(tensor.shape, values));
    done += 4 * values.length;
    onProgress?.(done);
  }
  // PyTorch's files keep the head of a tied model, too: the same numbers a second time.
  const head = weights.get(HEAD);
  if (plan.headMayBeShared && head && same(head.data, weights.get(SHARED)!.data)) weights.delete(HEAD);
  return makeT5(json, weights, source);
}

/**
 * The model of a plan, each weight read when it is asked for. A head that is the shared embedding a second time is
 * passed over, as in `readModel`.
 */
export async function openModel(plan: ModelPlan): Promise<ReadableT5> {
  const config = (await headIsShared(plan)) ? { ...plan.config, tiedHead: true } : plan.config;
  return {
    config,
    async read(name) {
      const tensor = plan.parameters.get(name)!;
      const values = await tensor.read();
      checkFinite(values, tensor);
      return values;
    },
  };
}

function checkFinite(values: Float32Array, { path, name }: TensorSource): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `${path}: tensor ${name} holds ${values[at]} at element ${at}: the weights overflowed or the file is damaged.`,
    { file: path, tensor: name },
  );
}

/** Whether a head that the files hold is the shared embedding a second time. */
export async function headIsShared({ headMayBeShared, parameters }: ModelPlan): Promise<boolean> {
  const head = headMayBeShared ? parameters.get(HEAD) : undefined;
  return head !== undefined && same(await head.read(), await parameters.get(SHARED)!.read());
}

function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
