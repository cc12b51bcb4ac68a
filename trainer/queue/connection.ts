/** The way to Redis: an address that is checked, a connection that says what is wrong, and no password in any text. */
import type { Redis } from 'ioredis';
import { RankscopeError } from '../../src/errors.ts';

export interface QueueAddress {
  readonly url: string;
  /** The address for people: user and password are left out. */
  readonly shown: string;
}

/** Stands for the address in REDIS_URL, which no list of processes and no shell's history shows. */
export const FROM_ENVIRONMENT = 'env';

/** @throws RankscopeError 'bad-input', which does not repeat what was given: there may be a password in it */
export function readQueueAddress(given: string, environment: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = given === FROM_ENVIRONMENT ? (environment.REDIS_URL ?? '') : given;
  if (url === '') {
    throw new RankscopeError('bad-input', 'REDIS_URL is empty. Put the address there: redis://HOST:6379.');
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new RankscopeError(
      'bad-input',
      'The queue’s address cannot be read; write redis://HOST:6379, redis://:PASSWORD@HOST:6379 (special characters ' +
        'as %XX), or rediss:// for TLS.',
    );
  }
  return { url, shown: `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/^\/$/, '')}` };
}

/** Waits between attempts to connect again, in ms, at most. */
const MOST_WAIT = 2000;
/** The first connection must be there by then. */
const CONNECT_MS = 10_000;

/**
 * A connection that is there. Later it is made again as often as it is lost.
 * @param told called when it is lost and when it is back
 * @throws RankscopeError 'network'
 */
export async function connect(
  { url, shown }: QueueAddress,
  told: (text: string) => void = () => {},
): Promise<Redis> {
  const { Redis } = await import('ioredis');
  let ready = false;
  let lost = false;
  let reason = '';
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (ready ? Math.min(100 * times, MOST_WAIT) : null),
  });
  redis.on('error', (error: Error) => {
    reason = withoutSecrets(error.message, url);
    if (!ready || lost) return;
    lost = true;
    told(`The connection to ${shown} was lost (${reason}); trying again.`);
  });
  redis.on('ready', () => {
    if (lost) told(`Connected to ${shown} again.`);
    lost = false;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const said = reason || withoutSecrets((error as Error).message, url);
    throw new RankscopeError('network', `The queue at ${shown} does not answer (${said}). ${adviceOn(said)}`);
  }
  ready = true;
  return redis;
}

const adviceOn = (reason: string): string =>
  /WRONGPASS|NOAUTH|AUTH/.test(reason)
    ? 'Check user and password.'
    : 'Start it (redis-server, or docker compose up), or check the address.';

/** A text without the user and the password that an address has. */
export function withoutSecrets(text: string, url: string): string {
  const { username, password } = new URL(url);
  let safe = text.replaceAll(url, '(address)');
  for (const secret of [password, decoded(password), username === 'default' ? '' : username]) {
    if (secret !== '') safe = safe.replaceAll(secret, '•••');
  }
  return safe;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
