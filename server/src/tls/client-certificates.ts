// Certificates with which clients prove themselves, for a lab: signed by the authority of this computer, which the listener for
// certificates trusts. RFC 8705 §2. Called by the package's entry and by `assent certificate`.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { readOptional } from '../disk.ts';
import { Problem } from '../problem.ts';

const DAY_MS = 86_400_000;
/** A year, as the leaf of the server. */
const DAYS = 397;

export interface ClientCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, private. */
  readonly key: string;
  /** For `tls_client_auth_subject_dn`, RFC 4514. */
  readonly subject: string;
  /** Its public key with the certificate in `x5c`, for the `jwks` of `self_signed_tls_client_auth`. RFC 7517 §4.7. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/**
 * @param folder with the authority that `provideCertificates` has made
 * @throws Problem `certificate_unusable` where there is none, or for a name that no certificate can carry
 */
export async function issueClientCertificate(
  folder: string,
  { commonName }: { commonName: string },
): Promise<ClientCertificate> {
  // RFC 5280 §4.1.2.6 and its appendix A.1: ub-common-name is 64.
  if (!/^[\x20-\x7e]{1,64}$/.test(commonName)) {
    throw new Problem('certificate_unusable', `"${commonName}" cannot be the name of a certificate.`, {
      hint: 'Expected 1 to 64 printable ASCII characters, such as the client_id.',
    });
  }
  const [authority, authorityKey] = await Promise.all(
    ['ca.pem', 'ca-key.pem'].map((name) => readOptional(join(folder, name))),
  );
  if (authority === undefined || authorityKey === undefined) {
    throw new Problem('certificate_unusable', `There is no certificate authority in ${folder}.`, {
      hint: 'Start the server once with this data folder, with TLS.',
    });
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const nowMs = Date.now();
  const { signClientLeaf } = await import('./signing.ts');
  const cert = await signClientLeaf({
    authority,
    authorityKey: createPrivateKey(authorityKey),
    publicKey,
    commonName,
    validity: { fromMs: nowMs - DAY_MS, toMs: nowMs + (DAYS - 1) * DAY_MS },
  });
  const x5c = cert.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  return {
    cert,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject: `CN=${escapeValue(commonName)}`,
    jwk: { ...publicKey.export({ format: 'jwk' }), use: 'sig', x5c: [x5c] },
  };
}

/** RFC 4514 §2.4. */
function escapeValue(text: string): string {
  return text
    .replaceAll(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}
