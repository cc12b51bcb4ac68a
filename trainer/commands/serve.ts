/** `serve`: finished checkpoints for the playground in a browser, or one as a reranker for other programs. */
import { RankscopeError } from '../../src/errors.ts';
import { usage } from '../cli/args.ts';
import { onInterrupt } from '../cli/interrupt.ts';
import { givenOf, readOptions } from '../cli/options.ts';
import { count } from '../cli/progress.ts';
import { printSummary } from '../cli/summary.ts';
import { bytesText } from '../node/machine.ts';
import { checkpointText, findCheckpoints } from '../serve/checkpoints.ts';
import type { Address, Serving } from '../serve/listen.ts';
import { openReranker } from '../serve/rerank/open-reranker.ts';
import { serveRerank } from '../serve/rerank/rerank-server.ts';
import { type ServeListener, serveCheckpoints } from '../serve/server.ts';
import type { Command } from './command.ts';
import {
  DEFAULT_PORT,
  MAX_DOCUMENTS,
  MAX_REQUESTS,
  SERVE_OPTIONS,
  type ServeValues,
  serveHelp,
} from './serve-options.ts';

/** Of `npm start`, which takes the next port where one is in use, and of `npm run dev`. */
const PLAYGROUND_PORTS = [...Array.from({ length: 20 }, (_, i) => 4173 + i), 5173];
const PLAYGROUND = PLAYGROUND_PORTS.flatMap((port) =>
  ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`),
);
/** Ports that are tried where none is named. */
const PORTS_TRIED = 20;

export const serve: Command = {
  name: 'serve',
  summary: 'Make finished checkpoints reachable from the playground on this machine.',
  help: serveHelp,
  async run(args) {
    const values = readOptions('serve', args, SERVE_OPTIONS);
    const { folder, port, host = 'localhost', json, rerank } = values;
    const idle = rerank === undefined ? 'With --rerank' : undefined;
    const stray = idle && givenOf(SERVE_OPTIONS, Object.keys(SERVE_OPTIONS[idle]), values)[0];
    if (stray) throw usage('serve', `${stray} is for --rerank`);
    if ((folder === undefined) === (rerank === undefined)) {
      throw usage('serve', 'give either DIR or --rerank CHECKPOINT');
    }
    if (rerank !== undefined) return reranking(rerank, values);
    if (folder === undefined) return;
    const origins = [...PLAYGROUND, ...(values.origins ?? []).map(readOrigin)];
    const checkpoints = await findCheckpoints(folder);
    const models = (url: string) =>
      checkpoints.map(({ path, card: { name, role } }) => ({
        name,
        role,
        address: url + path.split('/').map(encodeURIComponent).join('/'),
      }));
    if (values.dryRun) {
      if (json) printSummary({ command: 'serve', state: 'dry-run', models: models('/') });
      else console.log(checkpoints.map(checkpointText).join('\n'));
      return;
    }
    const interrupt = onInterrupt();
    const told = new Set<string>();
    let files = 0;
    let bytes = 0;
    const listener: ServeListener = {
      sent(_, sent) {
        files++;
        bytes += sent;
      },
      refused(origin) {
        if (told.has(origin)) return;
        told.add(origin);
        console.error(`A page of ${origin} asked and was refused. If it is yours, add --origin ${origin}.`);
      },
    };
    try {
      const serving = await listen({ host, port }, (address) =>
        serveCheckpoints({ folder, origins, ...address }, listener),
      );
      const { url } = serving;
      if (json) printSummary({ command: 'serve', state: 'listening', url, models: models(url) });
      else {
        console.log('Paste into “Model” on the playground’s Models screen:\n');
        for (const [i, { address }] of models(url).entries()) {
          console.log(`  ${address}   ${checkpointText(checkpoints[i]!)}`);
        }
        console.log('\nCtrl-C stops it.');
      }
      await aborted(interrupt.signal);
      await serving.stop();
      if (!json) console.log(`Stopped. ${count(files)} requests answered with ${bytesText(bytes)}.`);
    } finally {
      interrupt.release();
    }
  },
};

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Programs' requests may take as long as a long list does. */
const ANSWERING_MS = 60_000;

async function reranking(checkpoint: string, values: ServeValues): Promise<void> {
  const { port, host = 'localhost', json, origins } = values;
  if (origins) throw usage('serve', '--origin is for DIR: pages may not send requests to --rerank');
  const reranker = await openReranker({ ...values, checkpoint });
  const interrupt = onInterrupt();
  try {
    const { name, method } = reranker;
    const facts = { model: name, method: method.id };
    if (values.dryRun) {
      if (json) printSummary({ command: 'serve', state: 'dry-run', ...facts });
      else console.log(`${name} would be served with ${method.id}.`);
      return;
    }
    const { maxDocuments = MAX_DOCUMENTS, maxRequests = MAX_REQUESTS } = values;
    const serving = await listen({ host, port }, (address) =>
      serveRerank({ ...reranker, ...address, maxDocuments, maxRequests }),
    );
    const address = `${serving.url}v1/rerank`;
    if (json) printSummary({ command: 'serve', state: 'listening', url: serving.url, ...facts });
    else console.log(`${name} (${method.id}) ranks at ${address}\n\nCtrl-C stops it.`);
    await aborted(interrupt.signal);
    if (!json) console.log('Requests in progress are answered first.');
    await serving.stop(ANSWERING_MS);
  } finally {
    interrupt.release();
    await reranker.dispose();
  }
}

/** @param port absent: the usual one, or the next that is free */
async function listen(
  { host, port }: { readonly host: string; readonly port?: number },
  serve: (address: Address) => Promise<Serving>,
): Promise<Serving> {
  for (let tried = 0; ; tried++) {
    const next = (port ?? DEFAULT_PORT) + tried;
    try {
      return await serve({ host, port: next });
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === 'EADDRINUSE' && port === undefined && tried + 1 < PORTS_TRIED) continue;
      const advice =
        code === 'EADDRINUSE'
          ? 'Choose another with --port.'
          : 'Choose --host and --port that this machine has.';
      throw new RankscopeError(
        'bad-input',
        `Port ${next} of ${host} cannot be listened on (${message}). ${advice}`,
      );
    }
  }
}

/** @throws RankscopeError 'bad-input' for what is not the start of a page's address */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw usage(
    'serve',
    `--origin is “${text}”; it must be the start of a page’s address, such as https://me.github.io`,
  );
}
