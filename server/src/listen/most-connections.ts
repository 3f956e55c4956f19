// How many connections fit, by the number of files that the system lets this process open. Beyond that Node would close new ones
// without a word, and the store could not open its own.
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { warn } from '../warnings.ts';

/** For everything that is no caller's connection: the store, callbacks, e-mail, files. */
const KEPT_FREE = 100;

/** From now on `server` turns away whoever does not fit, and says once why. Nothing is limited where the system does not tell. */
export async function limitConnections(server: Server): Promise<void> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const openFiles = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN);
  if (Number.isNaN(openFiles)) return;
  server.maxConnections = Math.max(1, openFiles - Math.min(KEPT_FREE, Math.floor(openFiles / 2)));
  server.once('drop', () => {
    warn(
      'TOO_MANY_CONNECTIONS',
      `More than ${server.maxConnections} connections are open, new ones are turned away: this process may open ${openFiles} files. Raise that before it starts:   ulimit -n 20000`,
    );
  });
}
