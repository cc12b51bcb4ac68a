/** A thread that helps with AdamW (adamw-crew.ts): takes filled slots, updates them, sleeps when there are none. */
import { workerData } from 'node:worker_threads';
import { DONE, type Shared, Slots } from './adamw-slots.ts';

const slots = new Slots(workerData as Shared);
for (;;) {
  const seen = Atomics.load(slots.control, 0);
  let worked = false;
  for (let slot = 1; slot < slots.count; slot++) {
    if (!slots.take(slot)) continue;
    slots.work(slot);
    slots.setState(slot, DONE);
    worked = true;
  }
  // A slot filled since `seen` has changed the counter: then this returns at once.
  if (!worked) Atomics.wait(slots.control, 0, seen);
}
