// A Chromium, or another program, that this computer has already.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a browser that is there already. */
export function findBrowser() {
  return findProgram(COMMANDS, 'ASSENT_CHROMIUM');
}

/**
 * @param {string[]} commands
 * @param {string} [variable] that may name another one
 */
export function findProgram(commands, variable) {
  const named = variable && process.env[variable];
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return candidates.find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
