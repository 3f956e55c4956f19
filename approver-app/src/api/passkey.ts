// What the browser does about passkeys: makes one for this device, and has it verify the person who approves. Failures are
// told apart as far as browsers tell them; none of them ever decides anything.
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { PasskeyAssertion, PasskeyCreation, PasskeyRegistration, PasskeyRequest } from 'assent/contract';

/** Why there can be no passkeys in this browser, under this address. */
export type PasskeyObstacle =
  | 'unsupported'
  /** An IP address. Passkeys belong to a host name. */
  | 'address';

export type PasskeyFailure =
  | PasskeyObstacle
  /** Browsers say the same for cancelling, for waiting too long, and for not being verified. */
  | 'cancelled'
  /** Some browsers refuse passkeys on a page whose certificate they do not trust. */
  | 'certificate'
  /** No authenticator here can do what is asked, such as verifying a person. */
  | 'unsuitable'
  | 'failed';

/** Undefined if there is none. */
export function findPasskeyObstacle(): PasskeyObstacle | undefined {
  if (isIpAddress(location.hostname)) return 'address';
  return browserSupportsWebAuthn() ? undefined : 'unsupported';
}

/** WebAuthn §5.1.3. */
export async function makePasskey(
  options: PasskeyCreation,
): Promise<{ registration: PasskeyRegistration } | { failure: PasskeyFailure }> {
  const obstacle = findPasskeyObstacle();
  if (obstacle !== undefined) return { failure: obstacle };
  try {
    const { id, rawId, response } = await startRegistration({ optionsJSON: options });
    const { clientDataJSON, attestationObject, transports } = response;
    return {
      registration: {
        id,
        rawId,
        type: 'public-key',
        response: {
          clientDataJSON,
          attestationObject,
          ...(transports === undefined ? {} : { transports }),
        },
      },
    };
  } catch (reason) {
    return { failure: failureOf(reason) };
  }
}

/** WebAuthn §5.1.4. */
export async function askPasskey(
  options: PasskeyRequest,
): Promise<{ assertion: PasskeyAssertion } | { failure: PasskeyFailure }> {
  const obstacle = findPasskeyObstacle();
  if (obstacle !== undefined) return { failure: obstacle };
  try {
    const { id, rawId, response } = await startAuthentication({ optionsJSON: options });
    const { clientDataJSON, authenticatorData, signature } = response;
    return {
      assertion: {
        id,
        rawId,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
      },
    };
  } catch (reason) {
    return { failure: failureOf(reason) };
  }
}

/** Takes the browser's question away, if it asks one. */
export function cancelPasskey(): void {
  WebAuthnAbortService.cancelCeremony();
}

function failureOf(reason: unknown): PasskeyFailure {
  if (!(reason instanceof Error)) return 'failed';
  // Chromium: "WebAuthn is not supported on sites with TLS certificate errors."
  if (/certificate/i.test(reason.message)) return 'certificate';
  if (reason instanceof WebAuthnError && reason.code === 'ERROR_CEREMONY_ABORTED') return 'cancelled';
  switch (reason.name) {
    case 'NotAllowedError':
      return 'cancelled';
    case 'ConstraintError':
    case 'NotSupportedError':
      return 'unsuitable';
    case 'SecurityError':
      return 'address';
    default:
      return 'failed';
  }
}

/** In four numbers, or in brackets. */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}
