// Passkeys as a second factor of approving: one for each device, made and used for this issuer's host alone. A challenge is
// good once, for one device and, when it approves, for one request with the content that was shown. WebAuthn Level 3.

import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type {
  AuthenticatorAttachment,
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyRegistration,
  PasskeyRequest,
  TenantConfig,
} from '../contract/index.ts';
import { passkeyRequestSchema } from '../contract/index.ts';
import type { Ids } from '../ids.ts';
import type { Collection, Store } from '../store.ts';
import type { Devices, EnrolledDevice } from './devices.ts';

/** What a passkey is asked to approve. */
export interface ShownRequest {
  approvalId: string;
  consentHash: string;
  /** Of what is granted, where that is not all that was asked. */
  grantHash?: string;
}

interface Challenge extends Partial<ShownRequest> {
  purpose: 'register' | 'approve';
  deviceId: string;
}

/** `refused` completes a sentence about the answer of the passkey. */
export type PasskeyOutcome = { device: EnrolledDevice } | { refused: string };

export interface PasskeysOptions {
  store: Store;
  clock: Clock;
  ids: Ids;
  devices: Devices;
  /** As it is now. */
  config: () => TenantConfig;
  /** With a slash at the end. */
  issuer: string;
}

/** People look for their security key. */
const CHALLENGE_MS = 2 * 60_000;
/** Of letters and digits, more than 250 bits; WebAuthn §13.4.3 asks for at least 16 octets. */
const CHALLENGE_LENGTH = 43;
/** ES256 and RS256: what authenticators have. RFC 9053, IANA COSE Algorithms. */
const ALGORITHMS = [-7, -257];
/** Of a COSE key: one of RSA with 8192 bits has some 1,040. */
const LONGEST_KEY_BYTES = 1_200;

export class Passkeys {
  /** The one address under which a browser makes and uses them. */
  readonly origin: string;
  /** WebAuthn §4, relying party identifier. */
  readonly rpId: string;
  readonly #config: () => TenantConfig;
  readonly #challenges: Collection<Challenge>;
  readonly #devices: Devices;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor({ store, clock, ids, devices, config, issuer }: PasskeysOptions) {
    this.#config = config;
    this.origin = new URL(issuer).origin;
    this.rpId = new URL(issuer).hostname;
    this.#challenges = store.collection<Challenge>('passkey-challenges');
    this.#devices = devices;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Whether approving in the app asks for one. */
  get areRequired(): boolean {
    return this.#kinds().length > 0;
  }

  /** What a browser is to be asked for to make a passkey for `device`. */
  async beginRegistration(device: EnrolledDevice, userName: string): Promise<PasskeyCreation> {
    const { friendly_name: friendlyName, name } = this.#config().tenant;
    const [kind, ...otherKinds] = this.#kinds();
    return {
      challenge: await this.#issue({ purpose: 'register', deviceId: device.id }),
      rp: { id: this.rpId, name: friendlyName ?? name },
      // WebAuthn §5.4.3: a handle that says nothing about the person. A second passkey for it would replace the first.
      user: { id: base64url(device.id), name: userName, displayName: userName },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
      timeout: CHALLENGE_MS,
      attestation: 'none',
      authenticatorSelection: {
        ...(kind === undefined || otherKinds.length > 0 ? {} : { authenticatorAttachment: kind }),
        residentKey: 'discouraged',
        userVerification: 'required',
      },
    };
  }

  /** WebAuthn §7.1. Keeps the passkey with the device. */
  async register(device: EnrolledDevice, registration: PasskeyRegistration): Promise<PasskeyOutcome> {
    const { id, rawId, type, response } = registration;
    const spent = await this.#spend(response.clientDataJSON, { purpose: 'register', deviceId: device.id });
    if ('refused' in spent) return spent;
    // Loaded only where passkeys are used: the package and what stands behind it take a moment.
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    try {
      if (await isAttested(response.attestationObject)) {
        return { refused: 'carries an attestation, which was not asked for' };
      }
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: { id, rawId, type, response, clientExtensionResults: {} },
        expectedChallenge: spent.challenge,
        expectedOrigin: this.origin,
        expectedRPID: this.rpId,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      if (!verified) return { refused: 'is not signed by the passkey' };
      const { credential } = registrationInfo;
      const { length } = credential.publicKey;
      // RFC 9052 §7.1 lets a key have members that nobody knows, and it is kept as it is.
      if (length > LONGEST_KEY_BYTES) {
        return { refused: `has a key of ${length} bytes, expected at most ${LONGEST_KEY_BYTES}` };
      }
      const registered = await this.#devices.addPasskey(device.id, {
        id: credential.id,
        publicKey: base64url(credential.publicKey),
        counter: credential.counter,
        transports: (response.transports ?? []).slice(0, 8),
      });
      return registered === undefined
        ? { refused: 'comes late: this device has a passkey already' }
        : { device: registered };
    } catch (failure) {
      return { refused: `fails: ${messageOf(failure)}` };
    }
  }

  /** What a browser is to be asked for to approve; undefined if the device has no passkey. */
  async beginApproval(device: EnrolledDevice, shown: ShownRequest): Promise<PasskeyRequest | undefined> {
    const { passkey } = device;
    if (passkey === undefined) return undefined;
    const transports = passkeyRequestSchema.shape.allowCredentials.element.shape.transports.safeParse(
      passkey.transports,
    ).data;
    return {
      challenge: await this.#issue({ purpose: 'approve', deviceId: device.id, ...shown }),
      rpId: this.rpId,
      timeout: CHALLENGE_MS,
      userVerification: 'required',
      allowCredentials: [
        { type: 'public-key', id: passkey.id, ...(transports === undefined ? {} : { transports }) },
      ],
    };
  }

  /** WebAuthn §7.2: the person of this device was verified, just now, to approve exactly this. */
  async verifyApproval(
    device: EnrolledDevice,
    shown: ShownRequest,
    { id, rawId, type, response }: PasskeyAssertion,
  ): Promise<PasskeyOutcome> {
    const { passkey } = device;
    if (passkey === undefined) return { refused: 'belongs to no passkey of this device' };
    const expected = { purpose: 'approve', deviceId: device.id, ...shown } as const;
    const spent = await this.#spend(response.clientDataJSON, expected);
    if ('refused' in spent) return spent;
    // §7.2 step 5; the package leaves it to its caller.
    if (id !== passkey.id) return { refused: 'is of another passkey than this device has' };
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { id, rawId, type, response, clientExtensionResults: {} },
        expectedChallenge: spent.challenge,
        expectedOrigin: this.origin,
        expectedRPID: this.rpId,
        credential: {
          id: passkey.id,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
          counter: passkey.counter,
        },
        requireUserVerification: true,
      });
      if (!verified) return { refused: 'is not signed by the passkey of this device' };
      const { newCounter } = authenticationInfo;
      if (!(await this.#devices.countPasskeyUse(device.id, id, newCounter))) {
        return { refused: 'is older than one that came before: the passkey may have been copied' };
      }
      return { device };
    } catch (failure) {
      return { refused: `fails: ${messageOf(failure)}` };
    }
  }

  /** Authenticators that the tenant takes. */
  #kinds(): AuthenticatorAttachment[] {
    const { factors } = this.#config().guardian;
    return [
      ...(factors['webauthn-platform'] ? (['platform'] as const) : []),
      ...(factors['webauthn-roaming'] ? (['cross-platform'] as const) : []),
    ];
  }

  async #issue(about: Challenge): Promise<string> {
    const challenge = base64url(this.#ids.make('', CHALLENGE_LENGTH));
    await this.#challenges.insert(challenge, about, { expiresAt: this.#clock.now() + CHALLENGE_MS });
    return challenge;
  }

  /** The challenge that was signed, spent with this; it stays good where it was meant for something else. */
  async #spend(
    clientDataJson: string,
    expected: Challenge,
  ): Promise<{ challenge: string } | { refused: string }> {
    const clientData = clientDataSchema.safeParse(readJson(clientDataJson)).data;
    if (clientData === undefined) return { refused: 'holds no client data that can be read' };
    const { challenge, crossOrigin = false, topOrigin } = clientData;
    // WebAuthn §13.4.9: the app is never framed, so a page that was is not the app.
    if (crossOrigin || topOrigin !== undefined)
      return { refused: 'comes from within a page of another origin' };
    const found = (await this.#challenges.get(challenge))?.value;
    const refusal =
      found === undefined
        ? 'answers no open challenge: it was used before, came too late, or was never asked for'
        : describeMismatch(found, expected);
    if (refusal !== undefined) return { refused: refusal };
    return (await this.#challenges.remove(challenge)) ? { challenge } : { refused: 'was used before' };
  }
}

function describeMismatch(found: Challenge, expected: Challenge): string | undefined {
  if (found.deviceId !== expected.deviceId) return 'was asked for on another device';
  if (found.purpose !== expected.purpose) return 'was asked for something else';
  if (found.approvalId !== expected.approvalId) return 'is about another request';
  if (found.consentHash !== expected.consentHash || found.grantHash !== expected.grantHash)
    return 'is about other content than the answer';
  return undefined;
}

/** WebAuthn §5.8.1, as far as it is read before the package reads it. */
const clientDataSchema = z.looseObject({
  challenge: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/** Undefined where there is none. */
function readJson(base64urlText: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64urlText, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a maker's certificate came along. None was asked for, and following its links is nothing for this server. */
async function isAttested(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  // WebAuthn §8.2: self attestation is a signature by the passkey itself.
  const isSelf = format === 'packed' && decoded.get('attStmt').get('x5c') === undefined;
  return format !== 'none' && !isSelf;
}

function base64url(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64url');
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
