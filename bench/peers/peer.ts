/** Talks to t5_peer.py in the Python that RANKSCOPE_PEER_PYTHON names. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const SCRIPT = new URL('./t5_peer.py', import.meta.url).pathname;

/** Why there is no peer, for people; undefined where there is one. */
export function peerMissing(): string | undefined {
  const python = process.env.RANKSCOPE_PEER_PYTHON;
  if (!python)
    return 'RANKSCOPE_PEER_PYTHON does not name a Python with torch and transformers (bench/peers/README.md)';
  const { status } = spawnSync(python, ['-c', 'import torch, transformers'], { stdio: 'ignore' });
  return status === 0 ? undefined : `${python} cannot import torch and transformers (bench/peers/README.md)`;
}

export class Peer {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    this.child = spawn(process.env.RANKSCOPE_PEER_PYTHON!, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error with what Python said */
  async ask<T>(what: string, values: object = {}): Promise<T> {
    this.child.stdin!.write(`${JSON.stringify({ do: what, ...values })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the peer ended');
    const answer = JSON.parse(value as string) as T & { error?: string };
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  end(): void {
    this.child.stdin!.end();
  }
}

/** Rows of a flat array, for JSON. */
export function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, r) =>
    Array.from({ length: width }, (_, c) => values[r * width + c]!),
  );
}

/** Largest difference of two lists of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}
