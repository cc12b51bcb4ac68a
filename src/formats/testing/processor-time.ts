/** Time that other programs on the machine do not lengthen. */

/** Of Node, in which tests run; the core is compiled without it. */
declare const process: { cpuUsage(): { readonly user: number; readonly system: number } };

/** Milliseconds of processor time that this process has used, all its threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
