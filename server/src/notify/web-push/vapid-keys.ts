// The key by which push services know this server (RFC 8292). Made once and kept: subscriptions are bound to it, and a
// new one would un-enrol every browser.
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { claimFile, makeFolder, readSecret } from '../../disk.ts';
import { Problem } from '../../problem.ts';
import { provide, type Store } from '../../store.ts';

const vapidKeysSchema = z.strictObject({
  publicKey: z.string().regex(/^B[A-P][\w-]{85}$/),
  privateKey: z.string().regex(/^[\w-]{43}$/),
});

/** Both in base64url; the public one is what pages subscribe with. */
export type VapidKeys = Readonly<z.output<typeof vapidKeysSchema>>;

/**
 * @param folder where the key is kept; undefined keeps it in memory
 * @param store keeps it as well, beside the subscriptions that are bound to it, and what it has goes first
 * @throws Problem `signing_key_unusable` when the folder holds something else, or cannot hold anything
 */
export function loadVapidKeys(folder: string | undefined, store: Store): Promise<VapidKeys> {
  return provide(store.collection<VapidKeys>('vapid-keys'), 'current', () => provideKeys(folder));
}

async function provideKeys(folder: string | undefined): Promise<VapidKeys> {
  if (folder === undefined) return generateKeys();
  const file = join(folder, 'vapid-key.json');
  try {
    await makeFolder(folder);
    const kept = await readSecret(file);
    // Of servers that start together, all use the key of the one that was first.
    const text = kept ?? (await claimFile(file, `${JSON.stringify(generateKeys())}\n`, 0o600));
    return readKeys(text, file);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('signing_key_unusable', `No key for push could be kept in ${folder}: ${reason}`, {
      hint: `Look at it: ls -ld ${file}\nOr choose another folder with --data-folder.`,
      cause,
    });
  }
}

/** RFC 8292 §3.2: P-256, the public key as an uncompressed point (X9.62). */
function generateKeys(): VapidKeys {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const point = ['BA', x, y].map((part) => Buffer.from(part, 'base64url'));
  return { publicKey: Buffer.concat(point).toString('base64url'), privateKey: d };
}

function readKeys(text: string, file: string): VapidKeys {
  const keys = vapidKeysSchema.safeParse(parseJson(text)).data;
  if (keys) return keys;
  throw new Problem('signing_key_unusable', `${file} is not what Assent wrote there.`, {
    hint: `Have it made anew, after which every browser has to be enrolled again: rm ${file}`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON fails the schema like any other wrong text.
    return undefined;
  }
}
