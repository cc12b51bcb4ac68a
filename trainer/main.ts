/** The trainer's command line: `npm run trainer -- <command> [options]`. */
import { toErrorData } from '../src/errors.ts';
import { EXIT, exitCodeOf } from './cli/exit-codes.ts';
import { printFailure } from './cli/summary.ts';
import { commands } from './commands/all.ts';
import { ENCODING_HELP, takeEncoding, tellHowOpened } from './input/encoding.ts';

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`);
  return [
    'Usage: npm run trainer -- <command> [options]',
    '',
    ...lines,
    '',
    'Run <command> --help for details.',
    '',
    ENCODING_HELP,
  ].join('\n');
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === 'help' && args[0] !== undefined) return main([args[0], '--help']);
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview());
    return EXIT.done;
  }
  tellHowOpened((note) => console.error(note));
  const command = commands.find((one) => one.name === name);
  if (!command) {
    console.error(`There is no command “${name}”.\n\n${overview()}`);
    if (args.includes('--json')) {
      printFailure(name, { code: 'bad-input', message: `There is no command “${name}”.` });
    }
    return EXIT.wrong;
  }
  if (args.includes('--help')) {
    console.log(command.help);
    return EXIT.done;
  }
  try {
    await command.run(takeEncoding(args));
    return EXIT.done;
  } catch (error) {
    const data = toErrorData(error);
    console.error(`${name}: ${data.message}`);
    if (data.code === 'internal' && error instanceof Error) console.error(error.stack);
    if (args.includes('--json')) printFailure(name, data);
    return exitCodeOf(data.code);
  }
}

process.exitCode = await main(process.argv.slice(2));
