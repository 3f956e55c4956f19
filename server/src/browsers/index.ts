// Stock browsers, each on a profile of its own that is wired to one Assent. Used by `assent browser`.
import { wireChromium } from './chromium.ts';
import type { BrowserKind } from './find-browser.ts';
import { wireFirefox } from './firefox.ts';
import type { BrowserWish, Wiring } from './wiring.ts';

export { type BrowserProcess, startBrowser } from './browser-process.ts';
export {
  BROWSER_NAMES,
  type BrowserKind,
  findBrowser,
  findCertutil,
} from './find-browser.ts';
export { openProfileFolder, type ProfileFolder } from './profile-folder.ts';
export type { Wiring } from './wiring.ts';

/** Writes what the profile needs. Starts nothing. */
export function wireBrowser(kind: BrowserKind, wish: BrowserWish): Promise<Wiring> {
  return kind === 'chromium' ? wireChromium(wish) : wireFirefox(wish);
}
