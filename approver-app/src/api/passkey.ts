// What the browser does about passkeys: makes one for this device, and has it verify the person who approves. Failures are
// told apart as far as browsers tell them; none of them ever decides anything.
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
  return typeof window.PublicKeyCredential === 'function' ? undefined : 'unsupported';
}

export async function makePasskey(
  options: PasskeyCreation,
): Promise<{ registration: PasskeyRegistration } | { failure: PasskeyFailure }> {
  const failure = findPasskeyObstacle();
  if (failure !== undefined) return { failure };
  return (await loadCeremony())?.make(options) ?? { failure: 'failed' };
}

export async function askPasskey(
  options: PasskeyRequest,
): Promise<{ assertion: PasskeyAssertion } | { failure: PasskeyFailure }> {
  const failure = findPasskeyObstacle();
  if (failure !== undefined) return { failure };
  return (await loadCeremony())?.ask(options) ?? { failure: 'failed' };
}

/** Takes the browser's question away, if it asks one. */
export function cancelPasskey(): void {
  void loadCeremony().then((ceremony) => ceremony?.cancel());
}

/** Most approvers never need it. Undefined if it could not be loaded. */
function loadCeremony() {
  return import('./passkey-ceremony.ts').catch(() => undefined);
}

/** In four numbers, or in brackets. */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}
