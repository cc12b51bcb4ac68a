/**
 * AdamW on several threads. Each parameter's update depends on that parameter alone, so who does which
 * chunk changes nothing: the result is the same bits for any number of threads.
 *
 * onnxruntime refuses shared memory for weights and gradients, so the training thread carries chunks
 * of them to and from the slots and works on chunks itself in between; m and v lie in shared memory.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Coefficients } from '../../src/training/adamw.ts';
import { CHUNK } from './adamw-kernel.ts';
import { DONE, FREE, FULL, makeShared, type Shared, Slots, TAKEN } from './adamw-slots.ts';

/** One in work, two waiting: a helper never runs dry while the training thread does a chunk. */
const SLOTS_PER_HELPER = 3;
/** The training thread's own. */
const OWN = 0;

/** Ends the helpers of optimiser states that nobody holds any more. */
const forgotten = new FinalizationRegistry<readonly Worker[]>((workers) => {
  for (const worker of workers) void worker.terminate();
});

export class Crew {
  private readonly slots: Slots;
  private readonly shared: readonly number[];
  /** Chunks that helpers did so far. */
  helped = 0;

  /** @param helpers threads beside this one; with any, m and v must lie in shared memory. */
  constructor(helpers: number, m: Float32Array, v: Float32Array) {
    const shared = makeShared(1 + helpers * SLOTS_PER_HELPER, m, v);
    this.slots = new Slots(shared);
    this.shared = Array.from({ length: this.slots.count - 1 }, (_, i) => 1 + i);
    const workers = Array.from({ length: helpers }, () => startHelper(shared));
    if (workers.length > 0) forgotten.register(this, workers);
  }

  /** One update of all parameters, in place. Until the helpers have started this thread does it alone. */
  update(values: Float32Array, grads: Float32Array, coefficients: Coefficients): void {
    const { slots } = this;
    slots.setCoefficients(coefficients);
    let next = 0;
    const fill = (slot: number) => {
      slots.fill(slot, next, values, grads);
      next += CHUNK;
    };
    while (next < values.length) {
      for (const slot of this.shared) {
        if (slots.state(slot) === DONE) this.collect(slot, values);
        if (slots.state(slot) !== FREE || next >= values.length) continue;
        fill(slot);
        slots.setState(slot, FULL);
        Atomics.add(slots.control, 0, 1);
        Atomics.notify(slots.control, 0);
      }
      if (next >= values.length) break;
      fill(OWN);
      slots.work(OWN);
      slots.empty(OWN, values);
    }
    for (const slot of [...this.shared].reverse()) this.finish(slot, values);
  }

  /** Does what no helper has begun, waits for what one has. */
  private finish(slot: number, values: Float32Array): void {
    const { slots } = this;
    if (slots.take(slot)) {
      slots.work(slot);
      this.clear(slot, values);
      return;
    }
    while (slots.state(slot) === TAKEN) slots.await(slot, TAKEN);
    if (slots.state(slot) === DONE) this.collect(slot, values);
  }

  private collect(slot: number, values: Float32Array): void {
    this.helped++;
    this.clear(slot, values);
  }

  private clear(slot: number, values: Float32Array): void {
    this.slots.empty(slot, values);
    this.slots.setState(slot, FREE);
  }
}

/**
 * Starts a helper. A thread of its own needs the loader of TypeScript again, wherever this runs. One
 * that cannot start is missed by nobody: the training thread does what no helper takes.
 */
function startHelper(shared: Shared): Worker {
  const require = createRequire(import.meta.url);
  const [loader, helper] = [
    require.resolve('tsx/cjs/api'),
    fileURLToPath(new URL('./adamw-helper.ts', import.meta.url)),
  ];
  const code = `require(${JSON.stringify(loader)}).register(); require(${JSON.stringify(helper)});`;
  const worker = new Worker(code, { eval: true, workerData: shared, execArgv: [] });
  worker.on('error', (error) =>
    console.error(`Training continues without a helper thread: ${error.message}`),
  );
  // It waits for work for ever: the process must be able to end.
  worker.unref();
  return worker;
}
