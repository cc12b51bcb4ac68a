/** Models that people may want (public/models/catalogue.json): data, of which nothing is fetched by itself. */
import type { CheckpointRole } from '../../checkpoint/ranker-card.ts';
import { RankscopeError } from '../../errors.ts';
import { isObject } from '../../json-checks.ts';
import { parseModelAddress } from '../../sources/address.ts';
import type { UseKind } from '../../sources/usable.ts';
import type { FetchJson } from './catalog.ts';

export interface KnownModel {
  /** What the text box “Model” takes. */
  readonly address: string;
  readonly title: string;
  readonly kind: UseKind;
  /** What it is good for, to begin with. */
  readonly role: CheckpointRole;
  readonly description: string;
  readonly license?: string;
  readonly parameters?: number;
  /** About; the list of its files says exactly. */
  readonly bytes?: number;
  /** Why it cannot be used here. */
  readonly unavailable?: string;
}

const KINDS: readonly unknown[] = [
  'checkpoint',
  'original',
  'pickle',
  'transformers-js',
  'text-classification',
] satisfies UseKind[];
const ROLES: readonly unknown[] = ['teacher', 'student', 'base'] satisfies CheckpointRole[];
const PATH = 'models/catalogue.json';

/** @throws RankscopeError 'network', 'missing' or 'bad-input'. */
export async function readKnownModels(get: FetchJson): Promise<readonly KnownModel[]> {
  const data = await get(PATH);
  if (!isObject(data) || data.version !== 1 || !Array.isArray(data.entries))
    throw malformed('it has no entries');
  return data.entries.map((entry: unknown) => {
    if (!isObject(entry)) throw malformed('an entry is not an object');
    const { address, title, kind, role, description, license, parameters, bytes, unavailable } = entry;
    const fits =
      [address, title, description].every((text) => typeof text === 'string' && text !== '') &&
      KINDS.includes(kind) &&
      ROLES.includes(role) &&
      [license, unavailable].every((text) => text === undefined || typeof text === 'string') &&
      [parameters, bytes].every(
        (count) => count === undefined || (Number.isSafeInteger(count) && Number(count) > 0),
      );
    if (!fits) throw malformed(`the entry ${String(address)} lacks something`);
    parseModelAddress(address as string);
    return { address, title, kind, role, description, license, parameters, bytes, unavailable } as KnownModel;
  });
}

const malformed = (what: string): RankscopeError =>
  new RankscopeError(
    'bad-input',
    `${PATH} does not have the expected shape: ${what}. Build the page again.`,
    {
      path: PATH,
    },
  );
