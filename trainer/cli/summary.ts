/** The one line of JSON that a command with --json ends with, whether it is done or not. */
import type { ErrorData } from '../../src/errors.ts';

export interface Summary {
  readonly command: string;
  readonly state: string;
}

let printed = false;

export function printSummary<S extends Summary>(summary: S): void {
  printed = true;
  console.log(JSON.stringify(summary));
}

/** For a command that ended with an error before it had anything to sum up. */
export function printFailure(command: string, { code, message }: ErrorData): void {
  if (printed) return;
  printSummary({
    command,
    state: code === 'cancelled' ? 'cancelled' : 'failed',
    error: { code, message },
  });
}
