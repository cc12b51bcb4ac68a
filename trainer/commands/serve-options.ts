/** Options and help of `serve`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, type OptionValues, positional, ruled, text, texts, typedAs } from '../cli/options.ts';
import { whole } from '../cli/rule.ts';

export const DEFAULT_PORT = 4300;

export const SERVE_OPTIONS = {
  Required: {
    folder: needed(
      positional(
        'DIR',
        'a checkpoint (a folder with ranker.json, e.g. the student of distill), or a folder of such folders',
      ),
    ),
  },
  Options: {
    port: ruled(
      whole(0, 65535),
      'N',
      `port to listen on (default ${DEFAULT_PORT}, or the next that is free; 0: any)`,
    ),
    host: text(
      'NAME',
      'address to listen on (default localhost: this machine alone; 0.0.0.0: your network too)',
    ),
    origins: typedAs(
      'origin',
      texts(
        'URL…',
        'further pages that may read, by the start of their address, e.g. https://me.github.io (default: the ' +
          "playground's on this machine)",
      ),
    ),
    dryRun: flag('check the folder and print what would be served; do not listen'),
    json: flag('print address and checkpoints as one line of JSON when it listens'),
  },
};

export type ServeValues = OptionValues<typeof SERVE_OPTIONS>;

export const serveHelp = helpOf({
  usage: 'serve DIR',
  about: `Makes finished checkpoints reachable from the playground in a browser on this machine. Paste the address that
it prints into “Model” on the page's Models screen.`,
  examples: `  A student that was just distilled or exported:
    npm run trainer -- serve models/student
  All checkpoints in a folder, each under an address of its own:
    npm run trainer -- serve models
  For a playground that is hosted elsewhere:
    npm run trainer -- serve models --origin https://me.github.io`,
  options: SERVE_OPTIONS,
  more: `Only files that a checkpoint's ranker.json names are sent, only to pages of the named origins, and nothing is taken in.
Symbolic links that lead out of DIR are not followed. Ctrl-C stops it.`,
});
