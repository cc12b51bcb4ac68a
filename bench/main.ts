/**
 * `npm run bench`: speed as ratios measured in one run.
 *
 *   npm run bench -- [node] [labelling] [workers] [texts] [training] [peers] [hf-load] [pair] [convert] [browser] [page] [frames] [inspector] [judge] [long-passages] [replay] [saving] [--rounds N] [--json FILE]
 *
 * The JSON holds every round; bench/README.md says what each bench measures. Exit code 1: a floor was missed.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchBrowserScoring } from './browser-scoring.ts';
import { benchConvert } from './convert.ts';
import { judge } from './floors.ts';
import { benchFrames } from './frames.ts';
import { benchInspector } from './inspector.ts';
import { benchJudge } from './judge.ts';
import { benchLabelling } from './labelling.ts';
import { benchLongPassages } from './long-passages.ts';
import { benchNodeScoring } from './node-scoring.ts';
import { benchPageLoad } from './page-load.ts';
import { benchPair } from './pair/bench-pair.ts';
import { benchPeers } from './peers/bench-peers.ts';
import { checkHfLoad } from './peers/hf-load.ts';
import { benchReplay } from './replay.ts';
import { benchSaving } from './saving.ts';
import { benchTexts } from './texts.ts';
import { benchTraining } from './training.ts';
import { benchWorkers } from './workers.ts';

const BENCHES: Record<string, (rounds: number) => Promise<object>> = {
  node: benchNodeScoring,
  labelling: benchLabelling,
  workers: benchWorkers,
  texts: benchTexts,
  training: benchTraining,
  peers: benchPeers,
  'hf-load': checkHfLoad,
  pair: benchPair,
  convert: benchConvert,
  browser: benchBrowserScoring,
  page: benchPageLoad,
  frames: benchFrames,
  inspector: benchInspector,
  judge: benchJudge,
  'long-passages': benchLongPassages,
  replay: benchReplay,
  saving: benchSaving,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = chosen.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(
    `Unknown bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exit(1);
}

const results: Record<string, unknown> = {
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  date: new Date().toISOString(),
};
for (const name of chosen) {
  const result = await BENCHES[name]!(Number(values.rounds));
  results[name] = result;
  print(name, result, '');
}
const verdicts = judge(results);
results.marks = verdicts;
if (verdicts.length > 0) process.stdout.write(`\n${verdicts.map(({ text }) => text).join('\n')}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
// A busy machine misses floors that a quiet one reaches: run again before you believe it.
process.exit(verdicts.some(({ met, isFloor }) => isFloor && !met) ? 1 : 0);

/** Indented, sub-results deeper; raw rounds are for the JSON alone. */
function print(name: string, result: object, indent: string): void {
  process.stdout.write(`${indent === '' ? '\n' : ''}${indent}${name}\n`);
  for (const [key, value] of Object.entries(result)) {
    if (key === 'rounds' && typeof value === 'object') continue;
    if (typeof value === 'object' && value !== null) {
      print(key, value, `${indent}  `);
      continue;
    }
    const shown = typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : value;
    process.stdout.write(`${indent}  ${key.padEnd(26)} ${shown}\n`);
  }
}
