// One HTML file that replays a story without a server and without a network: the built view with the story in it. The build makes
// the page and leaves a place for the story.
import type { TraceDocument } from '../contract/index.ts';

/** Where the story goes: the content of a data block, which no browser runs. HTML Standard §4.12.1. */
const PLACE = '<script type="application/json" id="story"></script>';

/** @returns undefined if `page` has no place for a story */
export function writeReplayPage(page: string, document: TraceDocument): string | undefined {
  // Nothing in the story can end its block, or begin another one.
  const text = JSON.stringify(document).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028');
  const [before, after, ...others] = page.split(PLACE);
  if (before === undefined || after === undefined || others.length > 0) return undefined;
  // Put in by a function: in a replacement text, `$&` and its like would be read.
  return `${before}${PLACE.replace('></', () => `>${text}</`)}${after}`;
}
