/**
 * `name`, or the first of `name-2`, `name-3` … that is free: also where a folder is itself called `name-2`.
 * @param taken the names that are used; the result is added
 */
export function uniqueName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}
