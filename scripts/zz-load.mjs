import { readFileSync, readdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
const url = process.env.URL_; const flags = (process.env.FLAGS ?? '').split(' ').filter(Boolean);
const what = process.env.WHAT ?? 'rank'; const rounds = Number(process.env.ROUNDS ?? 3);
const usage = () => Number(readFileSync(`${process.env.HKG}/cpuacct.usage`, 'utf8')) / 1e9;
const byType = () => { const out = {}; for (const pid of readFileSync(`${process.env.HKG}/cgroup.procs`,'utf8').trim().split('\n')) { try { const cmd = readFileSync(`/proc/${pid}/cmdline`,'utf8').split('\0'); const st = readFileSync(`/proc/${pid}/stat`,'utf8').replace(/^.*\) /,'').split(' '); const t = (cmd.find(c=>c.startsWith('--type='))??cmd[0].split('/').pop()).replace('--type=',''); const sub=cmd.find(c=>c.startsWith('--utility-sub-type='))?.split('=')[1]??''; out[t+sub]=(out[t+sub]??0)+(Number(st[11])+Number(st[12]))/100; } catch {} } return out; };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync', ...flags] });
let last = usage();
console.log('launch', last.toFixed(2));
let shared;
for (let i = 0; i < rounds; i++) {
  const t0 = Date.now();
  const context = shared ?? await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const page = await context.newPage(); if (process.env.REUSE) { shared = context; const cdp = await context.newCDPSession(page); await cdp.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'all' }); }
  await page.addInitScript(() => { localStorage.setItem('rankscope.tour', JSON.stringify({ version: 1, data: 'seen' })); localStorage.setItem('rankscope.settings', JSON.stringify({version:1,data:{k:4}})); });
  const mark = (n) => { const now = usage(); console.log(`  ${n} ${(now - last).toFixed(2)} wall ${((Date.now()-t0)/1000).toFixed(2)}`); last = now; };
  await page.goto(url); await page.getByRole('button', { name: 'Rank', exact: true }).waitFor(); mark('open');
  if (what !== 'open') { await page.getByText('ready', { exact: true }).nth(1).waitFor(); mark('ready'); }
  if (what === 'rank') { await page.getByRole('button', { name: 'Rank', exact: true }).click(); await page.locator('section[aria-label=Teacher][data-state=done]').waitFor(); mark('rank'); }
  if (process.env.IDLE) { await page.waitForTimeout(Number(process.env.IDLE)); mark('idle'); }
  if (i === rounds - 1) console.log(byType());
  await (shared ? page.close() : context.close()); mark('close');
}
await browser.close();
