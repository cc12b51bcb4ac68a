/** A command of the trainer: a module with a name, a line of help, and what it does. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Full help: usage, options, files. */
  readonly help: string;
  run(args: readonly string[]): Promise<void>;
}
