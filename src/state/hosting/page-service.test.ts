import { describe, expect, it, vi } from 'vitest';
import { type PageServiceParts, startPageService } from './page-service.ts';

/** A container in which a service worker takes control as soon as it is registered. */
function container(controlledBefore = false) {
  const events = new EventTarget();
  const active = { postMessage: vi.fn() };
  const registration = Object.assign(new EventTarget(), { active, waiting: null, installing: null });
  const fake = Object.assign(events, {
    controller: controlledBefore ? active : null,
    ready: Promise.resolve(registration),
    register: vi.fn(async () => {
      setTimeout(() => {
        if (fake.controller) return;
        fake.controller = active;
        events.dispatchEvent(new Event('controllerchange'));
      });
      return registration as typeof registration | undefined;
    }),
  });
  return { fake, active };
}

function parts(more: Partial<PageServiceParts> & { fake: unknown }) {
  const kept = new Map<string, string>();
  const reload = vi.fn();
  const notify = vi.fn();
  const all: PageServiceParts = {
    container: more.fake as ServiceWorkerContainer,
    base: 'https://someone.github.io/rankscope/',
    script: 'assets/index-1.js',
    isolated: false,
    framed: false,
    session: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    touched: () => false,
    idle: async () => {},
    shown: () => {},
    reload,
    notify,
    ...more,
  };
  return { all, reload, notify };
}

describe('the page with its service worker', () => {
  it('is reloaded once to be isolated, and not again', async () => {
    const { all, reload } = parts(container());
    await startPageService(all);
    expect(reload).toHaveBeenCalledTimes(1);
    // As after a forced reload, which goes past the service worker.
    await startPageService({ ...all, container: container().fake as unknown as ServiceWorkerContainer });
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('asks instead, once somebody has begun', async () => {
    const { all, reload, notify } = parts({ ...container(), touched: () => true });
    await startPageService(all);
    expect(reload).not.toHaveBeenCalled();
    notify.mock.calls[0]?.[2].run();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('is never reloaded where that would gain nothing or could not be remembered', async () => {
    const session = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
      removeItem: () => {},
    };
    for (const more of [
      { ...container(), framed: true },
      { ...container(), session: undefined },
      { ...container(), session },
      { ...container(), isolated: true },
      container(true),
    ]) {
      const { all, reload, notify } = parts(more);
      await startPageService(all);
      expect(reload).not.toHaveBeenCalled();
      expect(notify).not.toHaveBeenCalled();
    }
  });

  it('keeps the runtime that was loaded before the service worker watched', async () => {
    const { fake, active } = container();
    await startPageService(parts({ fake, isolated: true }).all);
    expect(active.postMessage).toHaveBeenCalledWith({ ask: 'keep-runtime' });
  });

  it('does without where there is none', async () => {
    const { fake } = container();
    fake.register.mockRejectedValueOnce(new Error('404'));
    for (const part of [fake, undefined]) {
      const { all, reload, notify } = parts({ fake: part });
      await startPageService(all);
      expect(reload).not.toHaveBeenCalled();
      expect(notify).not.toHaveBeenCalled();
    }
  });
});
