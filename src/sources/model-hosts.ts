/**
 * Which hosts the page may speak to, and whether an address is among them. The built page's policy
 * (`connect-src`) is made of this list, so nothing that runs in the page, our own faults included, can send
 * anything elsewhere. Matching follows the host sources of CSP (https://www.w3.org/TR/CSP3/#match-url-to-source-expression),
 * as far as they are used here: scheme, host with a leading `*.`, port or `:*`; paths are not.
 */

/**
 * Hugging Face's hub, whose downloads are redirected to hosts of these two domains, and this very machine, where
 * `trainer serve` makes a finished student reachable.
 */
export const MODEL_HOSTS: readonly string[] = [
  'https://huggingface.co',
  'https://*.huggingface.co',
  'https://*.hf.co',
  'http://localhost:*',
  'http://127.0.0.1:*',
];

const SOURCE = /^(https?):\/\/(\*\.)?([a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d+|\*))?$/;

/**
 * Further hosts, as they are given to `--connect-src`: origins separated by spaces or commas.
 *
 * @throws Error that names what is no origin
 */
export function parseHosts(text: string): string[] {
  const hosts = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((host) => host.toLowerCase().replace(/\/$/, ''));
  for (const host of hosts) {
    if (!SOURCE.test(host)) {
      throw new Error(
        `“${host}” is not the address of a host: give a scheme and a name, such as https://models.example.org ` +
          'or http://192.168.1.20:8080, without a path.',
      );
    }
  }
  return hosts;
}

/** True when the address may be fetched under a policy of these hosts (of `own`, the page's origin, always). */
export function mayConnect(url: string, hosts: readonly string[], own: string): boolean {
  const address = /^(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d+))?(?:[/?#]|$)/i.exec(url);
  // blob: and data: leave nothing; whatever else is relative, hence the page's own.
  if (!address) return !/^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  const [, scheme = '', host = '', port = ''] = address.map((part) => part?.toLowerCase());
  const target = { scheme, host, port: port || usual(scheme) };
  return [own, ...hosts].some((source) => matches(source.toLowerCase(), target));
}

interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
}

function matches(source: string, target: Target): boolean {
  const [, scheme = '', wild, host = '', port] = SOURCE.exec(source) ?? [];
  // A source of http: covers the same host by https:.
  if (target.scheme !== scheme && !(scheme === 'http' && target.scheme === 'https')) return false;
  if (wild ? !target.host.endsWith(`.${host}`) : target.host !== host) return false;
  return port === '*' || target.port === (port ?? usual(target.scheme));
}

const usual = (scheme: string): string => (scheme === 'https' ? '443' : '80');

/** Why an address is not asked, and what to do; undefined when it may be. */
export function refusedHost(url: string, hosts: readonly string[], own: string): string | undefined {
  if (mayConnect(url, hosts, own)) return undefined;
  const host = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
  return (
    `This page may not ask ${host}: its policy names the hosts it may speak to, so that nothing you paste can ` +
    `leave for another. Serve the page with “npm start -- --connect-src ${host}” (or build it so), or open the ` +
    'model as a folder or zip.'
  );
}
