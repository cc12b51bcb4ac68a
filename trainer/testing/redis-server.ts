/** A Redis of a test's own: on a free port, with a password, in memory alone. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** Whether there is one to start; CI installs it. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export interface TestRedis {
  readonly port: number;
  readonly pid: number | undefined;
  readonly url: string;
  readonly password: string;
  stop(): void;
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const password = 'p@ss:w0rd/ü';
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password],
      ...['--save', '', '--appendonly', 'no', '--dir', '/tmp'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on('data', (data) => {
      if (String(data).includes('Ready to accept')) resolve();
    });
  });
  const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  return { port, pid: server.pid, url, password, stop: () => server.kill('SIGKILL') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
