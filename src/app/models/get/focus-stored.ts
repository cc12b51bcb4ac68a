/** To the list of stored models: where what was just asked for shows, and where focus goes when its button has gone. */
export const focusStored = (): void => document.getElementById('stored-models')?.focus();
