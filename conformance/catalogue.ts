// The catalogue of requirements, `requirements.json`: what the specifications ask of the server, each with an id, its source, how
// it is checked, and what becomes of it in each profile.
import { readFileSync } from 'node:fs';

type Judged =
  | { verdict: 'applies' }
  /** The profile does something else on purpose: what, and why. */
  | { verdict: 'deviates'; behaviour: string; reason: string }
  /** There is nothing to check in this profile. */
  | { verdict: 'not_applicable'; reason: string };

export interface Requirement {
  id: string;
  source: string;
  level: 'MUST' | 'SHOULD' | 'MAY';
  role: 'OP' | 'both';
  /** Delivery modes that it concerns. */
  applies: readonly string[];
  text: string;
  check: string;
  profiles: { standard: Judged; auth0: Judged };
}

export function readCatalogue(): readonly Requirement[] {
  return JSON.parse(readFileSync(new URL('requirements.json', import.meta.url), 'utf8')) as Requirement[];
}
