// What becomes of the process of a command once its server is ready. bin/assent.js has set what is undone here.
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** V8's default. */
const GROWTH_FACTOR = 2;

export function settleProcess(): void {
  // From now on most objects are short-lived, and room for them saves time.
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH_FACTOR}`);
  // Otherwise written on exit, which a process that is killed does not come to.
  flushCompileCache();
}
