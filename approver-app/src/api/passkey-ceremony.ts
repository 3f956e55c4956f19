// The two conversations with the browser about passkeys: making one, and having it verify the person. Loaded by api/passkey.ts
// when one of them is needed.
import {
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { PasskeyAssertion, PasskeyCreation, PasskeyRegistration, PasskeyRequest } from 'assent/contract';
import type { PasskeyFailure } from './passkey.ts';

/** WebAuthn §5.1.3. */
export async function make(
  options: PasskeyCreation,
): Promise<{ registration: PasskeyRegistration } | { failure: PasskeyFailure }> {
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
export async function ask(
  options: PasskeyRequest,
): Promise<{ assertion: PasskeyAssertion } | { failure: PasskeyFailure }> {
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

export function cancel(): void {
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
