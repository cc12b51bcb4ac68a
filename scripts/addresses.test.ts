import { expect, it } from 'vitest';
import { whereItRuns } from './addresses.ts';

const says = (host: string, addresses: readonly string[]) => whereItRuns(host, 4173, false, addresses);

it('names localhost alone as long as nobody else can open the page', () => {
  expect(says('localhost', ['192.168.1.20'])).toBe(
    'Rankscope runs at http://localhost:4173/  (press Ctrl-C to stop)\n',
  );
  expect(says('my.name', ['192.168.1.20'])).toContain('http://my.name:4173/');
});

it('names all addresses of the network, draws a code for the first, and says what HTTPS would give', () => {
  const text = says('0.0.0.0', ['192.168.1.20', '10.0.0.7']);
  expect(text).toContain('http://localhost:4173/  on this machine');
  expect(text).toContain('http://192.168.1.20:4173/  in your network');
  expect(text).toContain('http://10.0.0.7:4173/  in your network');
  // 25 or 29 squares and a border of two on each side, two rows a line.
  expect(text.split('\n').filter((line) => /[▀▄█]/.test(line)).length).toBeGreaterThanOrEqual(14);
  expect(text).toContain('docs/HOSTING.md');
  expect(says('10.0.0.7', ['192.168.1.20', '10.0.0.7'])).not.toContain('192.168');
  expect(says('0.0.0.0', [])).toContain('http://localhost:4173/');
});
