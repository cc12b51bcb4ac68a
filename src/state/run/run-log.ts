/** A run's record: its events in their order. It only grows, in place: copying it with every batch would cost more than the batch. */
import type { LogEvent } from '../../ranking/progress/progress.ts';

export class RunLog {
  readonly #events: LogEvent[];

  constructor(events: readonly LogEvent[] = []) {
    this.#events = [...events];
  }

  get length(): number {
    return this.#events.length;
  }

  append(events: readonly LogEvent[]): void {
    this.#events.push(...events);
  }

  /** The events from a position on. */
  from(position: number): readonly LogEvent[] {
    return this.#events.slice(position);
  }
}
