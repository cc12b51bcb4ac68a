/** What the page's service worker is built with, and what the page may tell it. */

/** Put in front of the built service worker; paths are below its folder, '' is the page. */
export interface PageServiceBuild {
  /** Changes with every file of the build. */
  readonly version: string;
  /** Kept from the first visit on: what the page needs to run offline, except `later`. */
  readonly shell: readonly string[];
  /** Kept once it has been used: the runtimes. */
  readonly later: readonly string[];
  /** Given to documents and workers that come without them. */
  readonly headers: Readonly<Record<string, string>>;
}

export type PageServiceMessage =
  /** Take over from the version before, pages that are open included. */
  | { readonly ask: 'activate' }
  /** Is this file of your build? Answered through the port that comes with it. */
  | { readonly ask: 'has'; readonly path: string }
  /** Keep the WASM runtime: it was loaded before this worker watched. */
  | { readonly ask: 'keep-runtime' };
