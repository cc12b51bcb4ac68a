import { resolve } from 'node:path';

/** Where everything that can be made again is kept: RANKSCOPE_WORK, else `.cache/embedded`. */
export const workFolder = resolve(process.env.RANKSCOPE_WORK ?? '.cache/embedded');
