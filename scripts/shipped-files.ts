/** What ships, for the tests that hold the whole code to something. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below `root` of TypeScript files; tests and their helpers are not among them. */
export const shippedFiles = (root: string): string[] =>
  ['src', 'workers', 'trainer']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\/testing\/|\.d\.ts$/.test(file));
