/** Checkpoints and graphics devices that have agreed with the CPU once: they are not compared again. */
import { readLocal, type TextStore, writeLocal } from '../../storage/local.ts';

const KEY = 'agreed-devices';
const VERSION = 1;
/** The newest are kept. */
const MOST = 100;

export interface AgreedDevices {
  list(): readonly string[];
  add(key: string): void;
}

export function agreedDevices(store: TextStore): AgreedDevices {
  const list = (): readonly string[] => {
    const read = readLocal(store, KEY, VERSION, (data) =>
      Array.isArray(data) && data.every((one) => typeof one === 'string') ? (data as string[]) : undefined,
    );
    return read.state === 'ok' ? read.data : [];
  };
  return {
    list,
    add: (key) => {
      const others = list().filter((one) => one !== key);
      writeLocal(store, KEY, VERSION, [...others, key].slice(-MOST));
    },
  };
}
