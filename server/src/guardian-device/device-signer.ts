// The key of the device and the three things it signs. As Guardian.swift and Guardian.Android do it.
import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const ANSWER_SECONDS = 30;
const ACCOUNT_TOKEN_SECONDS = 2 * 60 * 60;

export class DeviceSigner {
  readonly #key: CryptoKey;
  readonly #publicKey: JWK;
  readonly #now: () => number;

  private constructor(key: CryptoKey, publicKey: JWK, now: () => number) {
    this.#key = key;
    this.#publicKey = publicKey;
    this.#now = now;
  }

  /** @param now milliseconds since the epoch */
  static async create(now: () => number): Promise<DeviceSigner> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
    const { kty, n, e } = await exportJWK(publicKey);
    return new DeviceSigner(privateKey, { kty, n, e } as JWK, now);
  }

  /** As both SDKs enrol it: the modulus as a signed number, hence with a leading zero octet. */
  get enrolmentKey(): JWK {
    const modulus = Buffer.from(String(this.#publicKey.n), 'base64url');
    const n = Buffer.concat([Buffer.alloc(1), modulus]).toString('base64url');
    return { ...this.#publicKey, alg: 'RS256', use: 'sig', n };
  }

  /** Proof for reading a consent; RFC 9449 §4.2 with `ath`. */
  proof(url: string, token: string): Promise<string> {
    return new SignJWT({
      htu: url,
      htm: 'GET',
      ath: createHash('sha256').update(token).digest('base64url'),
      jti: randomUUID(),
      iat: this.#seconds(),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'RS256', jwk: this.#publicKey })
      .sign(this.#key);
  }

  answer(answer: {
    identifier: string;
    challenge: string;
    url: string;
    isAccepted: boolean;
    reason?: string | undefined;
    grantedDetails?: readonly unknown[] | undefined;
  }): Promise<string> {
    const { identifier, challenge, url, isAccepted, reason, grantedDetails } = answer;
    return this.#sign({
      iss: identifier,
      sub: challenge,
      aud: url,
      exp: this.#seconds() + ANSWER_SECONDS,
      auth0_guardian_method: 'push',
      auth0_guardian_accepted: isAccepted,
      ...(reason === undefined ? {} : { auth0_guardian_reason: reason }),
      ...(grantedDetails === undefined ? {} : { granted_details: grantedDetails }),
    });
  }

  /** What current SDKs send in place of the token of the enrolment. */
  accountToken(deviceId: string, userId: string, url: string): Promise<string> {
    const exp = this.#seconds() + ACCOUNT_TOKEN_SECONDS;
    return this.#sign({ iss: deviceId, sub: userId, aud: url, exp });
  }

  #sign(claims: Record<string, unknown>): Promise<string> {
    return new SignJWT({ iat: this.#seconds(), ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .sign(this.#key);
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}
