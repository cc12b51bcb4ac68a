/** How a command ends, for scripts. */
import type { ErrorCode } from '../../src/errors.ts';

export const EXIT = { done: 0, failed: 1, wrong: 2, interrupted: 130 } as const;

/** What can be put right in the call, the recipe or the files is 2; what the machine lacks, or a fault of ours, 1. */
const CODES: Readonly<Record<ErrorCode, number>> = {
  'bad-input': EXIT.wrong,
  'bad-checkpoint': EXIT.wrong,
  missing: EXIT.wrong,
  cancelled: EXIT.interrupted,
  network: EXIT.failed,
  device: EXIT.failed,
  storage: EXIT.failed,
  worker: EXIT.failed,
  internal: EXIT.failed,
};

export const exitCodeOf = (code: ErrorCode): number => CODES[code];

/** The last lines of every command's help. */
export const EXIT_HELP = `Exit codes: 0 done, 1 failed (no room, no memory, a bug), 2 wrong input or usage, 130 interrupted.
With --json a failure is one line as well: "state": "failed", "error": {"code", "message"}.`;
