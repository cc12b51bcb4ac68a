/** Under which addresses the page can be opened, for people: this machine, the network, a code for a phone's camera. */
import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import { forUrl } from '../trainer/node/hosts.ts';

/** Hosts that mean every address of the machine. */
const EVERYWHERE = ['0.0.0.0', '::'];

/** IPv4 addresses by which others in the network reach this machine. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
  );
}

/**
 * What `npm start` says once it listens.
 *
 * @param terminal whether colours can be set: the code must be dark on light to every camera
 * @param addresses of the network
 */
export function whereItRuns(
  host: string,
  port: number,
  terminal: boolean,
  addresses: readonly string[] = networkAddresses(),
): string {
  const at = (name: string): string => `http://${forUrl(name)}:${port}/`;
  const open = EVERYWHERE.includes(host) ? addresses : addresses.filter((address) => address === host);
  const [first] = open;
  if (first === undefined) {
    const alone = EVERYWHERE.includes(host) ? 'No other address: this machine is in no network.\n' : '';
    return `Rankscope runs at ${at(EVERYWHERE.includes(host) ? 'localhost' : host)}  (press Ctrl-C to stop)\n${alone}`;
  }
  const lines = [
    'Rankscope runs at  (press Ctrl-C to stop)',
    ...(EVERYWHERE.includes(host) ? [`  ${at('localhost')}  on this machine`] : []),
    ...open.map((address) => `  ${at(address)}  in your network`),
    '',
    ...qrCode(at(first), terminal),
    '',
    'Over plain http:// browsers run the models on one core, without WebGPU, and keep no models; docs/HOSTING.md',
    'says how to serve the page over HTTPS.',
  ];
  return `${lines.join('\n')}\n`;
}

function qrCode(text: string, terminal: boolean): string[] {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  // The code's light squares are drawn: white on black, whatever the colours of the terminal are.
  return terminal ? lines.map((line) => `  \u001b[97;40m${line}\u001b[0m`) : lines.map((line) => `  ${line}`);
}
