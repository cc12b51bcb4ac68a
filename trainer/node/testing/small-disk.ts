/** A disk of a few kilobytes, for tests of what happens when one is full: a tmpfs, where the machine lets us mount one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });

export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @returns undefined where mounting is not allowed */
  static open(path: string, bytes: number): SmallDisk | undefined {
    mkdirSync(path, { recursive: true });
    try {
      mount('-t', 'tmpfs', '-o', `size=${Math.ceil(bytes / 1024)}k`, 'tmpfs', path);
      return new SmallDisk(path);
    } catch {
      return undefined;
    }
  }

  resize(bytes: number): void {
    mount('-o', `remount,size=${Math.ceil(bytes / 1024)}k`, this.path);
  }

  close(): void {
    execFileSync('umount', [this.path], { stdio: 'ignore' });
  }
}

/** Whether this machine mounts disks for us: root, outside a locked container. */
export function canMount(folder: string): boolean {
  const disk = SmallDisk.open(folder, 64 * 1024);
  disk?.close();
  return disk !== undefined;
}
