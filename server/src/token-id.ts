// What a token is called without being one: by its `jti`, or by a digest of what was signed. The server and an API that
// reports its calls come to the same name, so that a call finds its request.
import { createHash } from 'node:crypto';

/**
 * @param jti of the claims, where the dialect has one. RFC 9068 §2.2
 */
export function tokenIdOf(token: string, jti: string | undefined): string {
  return jti ?? digestSignedPart(token);
}

// Over header and payload, not the signature: base64url leaves spare bits in its last character and some algorithms
// accept several signatures, so one approval could be spelt as many tokens.
function digestSignedPart(token: string): string {
  return createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');
}
