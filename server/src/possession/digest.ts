// The digest by which tokens and certificates are named: SHA-256, base64url. RFC 9449 §4.2 (`ath`), RFC 8705 §3.1 (`x5t#S256`).
import { createHash } from 'node:crypto';

export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
