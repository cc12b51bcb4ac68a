/** How shortcuts are written and recognised on this machine. */

const mac = /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** `⌘↵` on Apple keyboards, `Ctrl ↵` elsewhere. */
export function shortcutLabel(key: string): string {
  return mac ? `⌘${key}` : `Ctrl ${key}`;
}

/** True when the platform's command key is held: either is accepted, so that habits work. */
export function hasCommand(event: { readonly metaKey: boolean; readonly ctrlKey: boolean }): boolean {
  return event.metaKey || event.ctrlKey;
}

/** True when keys typed now belong to a text box: page shortcuts that have a meaning there must wait. */
export function isTextEntry(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type);
}
