// What the scenarios know about an SDK. A driver spells the question as its SDK does, and reports what the SDK's users
// meet: tokens, or an error with exactly those members that the SDK exposes.
import type { AuthorizationDetail } from 'assent/contract';

/** What an agent needs, as `assent env` prints it. */
interface AgentSettings {
  /** Host and port, without a scheme. */
  readonly domain: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The local certificate authority, for the one driver that does not rely on NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
}

/** What a program asks, CIBA Core §7.1 and RFC 9396 §2. */
export interface Question {
  readonly userId: string;
  readonly bindingMessage: string;
  readonly audience: string;
  /** API scopes. Each driver adds `openid` where its SDK does not. */
  readonly scope: readonly string[];
  readonly authorizationDetails?: readonly AuthorizationDetail[];
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly tokenType: string | undefined;
  readonly scope: string | undefined;
  /** As the SDK hands it out, unchecked. */
  readonly authorizationDetails: unknown;
}

/** A refusal as it is on the wire. */
export interface Refusal {
  readonly endpoint: 'bc-authorize' | 'token';
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly retryAfter?: string;
}

/** An error as the SDK's users meet it. Members that the SDK does not expose are left out. */
export interface SdkError {
  /** Name of the error's class. */
  readonly class?: string;
  /** Where the SDK has codes of its own. */
  readonly code?: string;
  readonly error?: string;
  readonly description?: string;
  readonly status?: number;
  readonly retryAfter?: string;
}

export type Answer = { readonly tokens: Tokens } | { readonly error: SdkError };

/** A question that was accepted and is not answered yet. */
export interface OpenQuestion {
  /** Asks the token endpoint once. May be called again after any answer. */
  poll(): Promise<Answer>;
}

/** One program that uses the SDK. */
export interface Agent {
  /** Asks and waits for the end: with the SDK's own loop if it has one, else with the loop of its manual. */
  ask(question: Question): Promise<Answer>;
  /** Asks and leaves the waiting to the caller. */
  start(question: Question): Promise<OpenQuestion>;
}

export interface Driver {
  /** As in the matrix and in the names of the tests. */
  readonly name: string;
  /** Folder in node_modules whose version the matrix states. Undefined for a driver that uses no package. */
  readonly packageName: string | undefined;
  /** What of the SDK is used, for the matrix. */
  readonly uses: string;
  connect(settings: AgentSettings): Promise<Agent>;
  /** How this SDK tells its users about a refusal. */
  tell(refusal: Refusal): SdkError;
}

/** The answer of `call`, or what it fails with. An error that `readError` does not know is a defect and thrown on. */
export async function answerOf(
  call: () => Promise<Answer>,
  readError: (error: unknown) => SdkError | undefined,
): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const read = readError(error);
    if (read === undefined) throw error;
    return { error: read };
  }
}

/** `openid` and the API scopes, as most SDKs want them. */
export function scopeText(question: Question): string {
  return ['openid', ...question.scope].join(' ');
}

/** CIBA Core §7.1 leaves `login_hint` to the server. auth0: Client-Initiated Backchannel Authentication Flow. */
export function loginHint(issuer: string, question: Question): string {
  return JSON.stringify({ format: 'iss_sub', iss: issuer, sub: question.userId });
}
