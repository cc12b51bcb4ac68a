/** `npm start`: builds the page if needed, serves it and prints the address. */
import { parseArgs } from 'node:util';
import { whereItRuns } from './addresses.ts';
import { allowHosts, build, DIST, isBuilt, pack } from './build.ts';
import { type Served, serve } from './server.ts';

const HELP = `Serves Rankscope on this machine.

  npm start [-- --port N] [--host [NAME]] [--connect-src ORIGIN]

  --port N     port to listen on (default: PORT, else 4173 or the next free one)
  --host NAME  address to listen on (default localhost); without a name all addresses of this machine, which shows
               the page to your network
  --connect-src ORIGIN
               a further host that models may be fetched from, e.g. https://models.example.org (repeatable);
               the page may ask no others than Hugging Face's and this machine
`;

const DEFAULT_PORT = 4173;

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port must be a whole number from 0 to 65535, got “${text}”.`);
  }
  return port;
}

async function listen(asked: string | undefined, host: string): Promise<Served> {
  if (asked !== undefined) return serve(DIST, readPort(asked), host);
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + 20; port++) {
    try {
      return await serve(DIST, port, host);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`Ports ${DEFAULT_PORT} to ${DEFAULT_PORT + 19} are all in use; choose one with --port.`);
}

/** `--host` alone means all addresses. */
function withHost(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    const alone = arg === '--host' && (args[i + 1] ?? '-').startsWith('-');
    return alone ? ['--host', '0.0.0.0'] : [arg];
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: withHost(process.argv.slice(2)),
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'connect-src': { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const asked = values.port ?? process.env.PORT;
  if (asked !== undefined) readPort(asked);
  allowHosts(values['connect-src'] ?? []);
  if (!isBuilt()) {
    process.stdout.write('Building the page (about 10 seconds, once) …\n');
    build();
  }
  const host = values.host ?? 'localhost';
  if (host !== 'localhost') {
    process.stdout.write('Packing it for the network …\n');
    pack();
  }
  const { url } = await listen(asked, host);
  process.stdout.write(whereItRuns(host, Number(new URL(url).port), process.stdout.isTTY === true));
}

main().catch((error: { code?: string; message: string }) => {
  const hint = error.code === 'EADDRINUSE' ? ' The port is in use: choose another with --port.' : '';
  process.stderr.write(`${error.message}${hint}\n`);
  process.exitCode = 1;
});
