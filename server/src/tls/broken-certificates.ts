// Certificates that a client must refuse, for tests of whether it does: each with one thing wrong and everything else right.
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Certificates } from './certificates.ts';

const DAY_MS = 86_400_000;

/** `expired`: signed by our authority, until yesterday. `untrusted`: as good as ours, by an authority that nobody knows. */
export type BrokenCertificate = 'expired' | 'untrusted';

/** For the same names as `good`, with its key. PEM. */
export async function makeBrokenCertificate(
  how: BrokenCertificate,
  good: Certificates,
  nowMs: number,
): Promise<{ cert: string; key: string }> {
  const { signAuthority, signLeaf } = await import('./signing.ts');
  const names = (new X509Certificate(good.cert).subjectAltName ?? '')
    .split(', ')
    .map((entry) => entry.replace(/^(DNS|IP Address):/, ''));
  const publicKey = createPublicKey(good.key);
  if (how === 'expired') {
    const authorityKey = createPrivateKey(await readFile(join(dirname(good.caFile), 'ca-key.pem')));
    const validity = { fromMs: nowMs - 30 * DAY_MS, toMs: nowMs - DAY_MS };
    const cert = await signLeaf({ authority: good.ca, authorityKey, publicKey, names, validity });
    return { cert, key: good.key };
  }
  const { privateKey: authorityKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validity = { fromMs: nowMs - DAY_MS, toMs: nowMs + 30 * DAY_MS };
  const authority = await signAuthority({ key: authorityKey, names, validity });
  const cert = await signLeaf({ authority, authorityKey, publicKey, names, validity });
  return { cert, key: good.key };
}
