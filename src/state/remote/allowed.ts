/** Whether this page's policy lets it ask an address. */
import { mayConnect } from '../../sources/model-hosts.ts';

/** Of the built page; that of `vite dev` has no policy, and Node has neither. */
const hostsOfPage = () => import.meta.env.CONNECT_HOSTS as readonly string[] | undefined;

/** Why the address is not asked, and what to do; undefined where it may be. */
export function refusedService(url: string, hosts = hostsOfPage(), own?: string): string | undefined {
  if (!hosts || mayConnect(url, hosts, own ?? location.origin)) return undefined;
  const { origin } = new URL(url);
  return (
    `This page may not ask ${origin}: its policy names the hosts that it may speak to, so that nothing you paste can ` +
    `leave for another. Whoever serves the page can allow it: npm start -- --connect-src ${origin}`
  );
}
