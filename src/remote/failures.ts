/** What can go wrong with a service, in words. None of them ever holds the key. */
import { RankscopeError } from '../errors.ts';
import { isObject, isText } from '../json-checks.ts';
import { withoutKey } from './secret.ts';

/** @param text the body of an answer that refuses */
export function refusalOf(status: number, text: string, host: string, key: string): RankscopeError {
  const said = saidBy(text, key);
  const tail = said === '' ? '' : ` It says: “${said}”`;
  const details = { status, said };
  const told = (code: 'network' | 'bad-input', message: string) =>
    new RankscopeError(code, `${message}${tail}`, details);
  switch (status) {
    case 401:
      return told(
        'bad-input',
        key.trim() === ''
          ? `${host} wants a key (401). Give yours.`
          : `${host} does not accept the key (401). Check that it is whole, and this service’s.`,
      );
    case 402:
      return told('bad-input', `${host} wants to be paid first (402). Look at your account there.`);
    case 403:
      return told(
        'bad-input',
        `${host} does not allow this (403): the key may lack the right to this model.`,
      );
    case 404:
      return told(
        'bad-input',
        `${host} knows no such model, or no such address (404). Check the model’s name, and that the address ends as the service’s documentation says, e.g. in /v1.`,
      );
    case 413:
      return told(
        'bad-input',
        `The request is too long for ${host} (413). Rank fewer or shorter passages at once.`,
      );
    case 429:
      return told(
        'network',
        `${host} has limited requests for too long (429). Try again later: answers are kept.`,
      );
    default:
      return status >= 500
        ? told('network', `${host} failed several times (${status}). Try again later: answers are kept.`)
        : told('bad-input', `${host} refused the request (${status}).`);
  }
}

/** The service's own words, one line of them. */
function saidBy(text: string, key: string): string {
  let said = '';
  try {
    const json: unknown = JSON.parse(text);
    const error = isObject(json) ? (json.error ?? json.message ?? json.detail) : undefined;
    const message = isObject(error) ? error.message : error;
    said = isText(message) ? message : '';
  } catch {
    // A page says nothing to people here.
    said = /^\s*</.test(text) ? '' : text;
  }
  // First without the key, then short: a key that is cut in two would not be found.
  const line = withoutKey(said, key).replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

export const unreachable = (host: string, error: unknown, key: string): RankscopeError =>
  new RankscopeError(
    'network',
    `${host} cannot be reached, or does not let this page ask it (${withoutKey(reasonOf(error), key)}). ` +
      'Check the address and that the service runs; in a browser it must also allow this page’s origin (CORS).',
  );

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node says what happened in the cause alone.
  const { cause } = error as { readonly cause?: unknown };
  const inner = cause instanceof Error ? cause.message : '';
  return inner === '' ? error.message : `${error.message}: ${inner}`;
}

export function notJson(text: string, host: string): RankscopeError {
  const found = /^\s*</.test(text) ? 'a web page' : text.trim() === '' ? 'nothing' : 'something else';
  return new RankscopeError(
    'network',
    `${host} answered with ${found} instead of JSON. Check the address: it should end as the service’s documentation says, e.g. in /v1.`,
  );
}

export const tooLong = (host: string): RankscopeError =>
  new RankscopeError(
    'network',
    `${host} sent more than 8 MB for one answer, which is no answer to this request.`,
  );

export const redirected = (host: string): RankscopeError =>
  new RankscopeError(
    'bad-input',
    `${host} sends requests on to another address, and yours go only to the one you typed. Type the address that it leads to, perhaps with https://.`,
  );

/** @param what completes “an answer without …” */
export const wrongShape = (host: string, what: string): RankscopeError =>
  new RankscopeError(
    'network',
    `${host} gave an answer without ${what}. Is it this kind of service (chat completions, or rerank)?`,
  );
