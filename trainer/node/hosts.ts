/**
 * Which names a server on this machine answers to. A page of another site can have its own name
 * resolve to 127.0.0.1 and then read what this server sends; its requests carry that name in `Host`.
 */
import { networkInterfaces } from 'node:os';

/**
 * True for localhost, the host that was chosen, and addresses of this machine; the port does not matter.
 *
 * @param header the `Host` header, e.g. `localhost:4173` or `[::1]:4173`
 */
export function isOwnHost(header: string | undefined, chosen: string): boolean {
  const name = hostName(header ?? '');
  if (name === undefined) return false;
  return (
    name === 'localhost' || name === hostName(forUrl(chosen)) || name.startsWith('127.') || isOwnAddress(name)
  );
}

/** A host as it stands in an address: IPv6 in brackets. */
export const forUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Lower case, without port, brackets and final dot; undefined when it is not a host. */
function hostName(header: string): string | undefined {
  // Whatever else an address may hold (a path, a user) has no place in a host.
  if (!/^[^/?#@\\\s]+$/.test(header) || !URL.canParse(`http://${header}/`)) return undefined;
  const { hostname } = new URL(`http://${header}/`);
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isOwnAddress(name: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => hostName(forUrl(address.replace(/%.*$/, ''))) === name),
  );
}
