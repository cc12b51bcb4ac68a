/** A graphics device that has gone (driver reset, another program's fault, sleep): all sessions on it are gone too. */
import { RankscopeError } from '../errors.ts';

/** @param reason in the browser's words; '' where it gives none. */
export function deviceLost(reason: string): RankscopeError {
  const why = reason.trim().replace(/\.$/, '');
  return new RankscopeError('device', `The graphics device was lost${why ? ` (${why})` : ''}.`, {
    lost: true,
  });
}

/** Also of an error that has crossed from a worker. */
export const isDeviceLost = (error: unknown): boolean =>
  error instanceof RankscopeError && error.code === 'device' && error.details?.lost === true;
