// What an explanation of a step has, and the documents that it may point to.

/** Documents by the name under which people know them. */
export const DOCUMENTS = {
  'CIBA Core': 'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html',
  'RFC 6749': 'https://www.rfc-editor.org/rfc/rfc6749',
  'RFC 6750': 'https://www.rfc-editor.org/rfc/rfc6750',
  'RFC 7515': 'https://www.rfc-editor.org/rfc/rfc7515',
  'RFC 8030': 'https://www.rfc-editor.org/rfc/rfc8030',
  'RFC 8291': 'https://www.rfc-editor.org/rfc/rfc8291',
  'RFC 8292': 'https://www.rfc-editor.org/rfc/rfc8292',
  'RFC 9068': 'https://www.rfc-editor.org/rfc/rfc9068',
  'RFC 9110': 'https://www.rfc-editor.org/rfc/rfc9110',
  'RFC 9396': 'https://www.rfc-editor.org/rfc/rfc9396',
  'RFC 9449': 'https://www.rfc-editor.org/rfc/rfc9449',
  'RFC 9700': 'https://www.rfc-editor.org/rfc/rfc9700',
} as const;

interface Paragraph {
  document: keyof typeof DOCUMENTS;
  /** Number of the section. */
  section: string;
  /** What it says about this step, in our words. */
  says: string;
}

/** How a behaviour of Auth0 is known; the word is shown beside it. */
export const BASES = {
  documented: 'Documented by Auth0',
  recorded: 'Recorded answers of a real tenant, kept in public test suites',
  source: 'Read in the source of Auth0’s SDKs',
  reported: 'Reported by people who use it',
  assumed: 'Nothing public settles it; Assent chose, and the tenant file can change what differs',
} as const;

interface Behaviour {
  basis: keyof typeof BASES;
  says: string;
}

/** Texts are set by ui/prose.tsx: `code` and *strong*. */
export interface Explanation {
  /** Why this step exists: what would be missing without it. */
  why: string;
  /** What would happen if it failed, and with which error. */
  failure: string;
  written: readonly Paragraph[];
  auth0: readonly Behaviour[];
}
