/** The trainer's command line: `npm run trainer -- <command> [options]`. */
import { toErrorData } from '../src/errors.ts';
import { candidates } from './commands/candidates.ts';
import type { Command } from './commands/command.ts';
import { convert } from './commands/convert.ts';
import { distill } from './commands/distill.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { label } from './commands/label.ts';
import { pretrain } from './commands/pretrain.ts';
import { rank } from './commands/rank.ts';
import { train } from './commands/train.ts';

const commands: readonly Command[] = [
  candidates,
  label,
  train,
  evaluate,
  distill,
  pretrain,
  exportCommand,
  convert,
  rank,
];

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`);
  return [
    'Usage: npm run trainer -- <command> [options]',
    '',
    ...lines,
    '',
    '<command> --help says more.',
  ].join('\n');
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === 'help' && args[0] !== undefined) return main([args[0], '--help']);
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview());
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    console.error(`There is no command "${name}".\n\n${overview()}`);
    return 1;
  }
  if (args.includes('--help')) {
    console.log(command.help);
    return 0;
  }
  try {
    await command.run(args);
    return 0;
  } catch (error) {
    const { code, message } = toErrorData(error);
    console.error(`${name}: ${message}`);
    if (code === 'internal' && error instanceof Error) console.error(error.stack);
    return code === 'cancelled' ? 130 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
