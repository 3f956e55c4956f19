// What it takes to wire a browser profile to one Assent, and what comes of it. Shared words of firefox.ts and chromium.ts.

export interface BrowserWish {
  /** Folder of the profile. */
  profile: string;
  /** Where Assent listens, without a slash at the end. */
  url: string;
  /** Its authority; undefined on plain http, or where this computer trusts the certificate already. */
  caFile: string | undefined;
  /** Undefined where there is none. */
  certutil: string | undefined;
  /** False: as a browser that nobody wired. */
  usesPush: boolean;
  isHeadless: boolean;
  isRoot: boolean;
  /** Where X11 keeps its key, for a browser that gets another home. */
  xAuthority: string | undefined;
  /** For the browser's command line, beside ours. */
  words: readonly string[];
  /** Has the server imitate Chromium's push. Resolves with switches, undefined on plain http. */
  openForChromium(): Promise<readonly string[] | undefined>;
}

export interface BrowserLaunch {
  words: readonly string[];
  /** Beside the variables that everything here has. */
  env: Readonly<Record<string, string>>;
}

/** A profile that is ready. */
export interface Wiring {
  launch(page: string): BrowserLaunch;
  /** What it trusts beyond its usual authorities, and how; undefined: nothing. */
  trust: string | undefined;
  push: { by: 'web-push' | 'relay'; remark?: string };
}
