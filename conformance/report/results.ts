// What a run of the suite found, requirement by requirement: the catalogue joined with the results of its tests.
import { type Requirement, readCatalogue } from '../catalogue.ts';
import type { Profile } from '../lab/clients.ts';

export const PROFILES: readonly Profile[] = ['standard', 'auth0'];

/** `deviates`: the test of what is done in its place passes. */
export type Result = 'pass' | 'fail' | 'deviates' | 'not applicable';

export interface Outcome {
  result: Result;
  /** What is imitated. */
  behaviour?: string;
  /** Why it deviates or does not apply. */
  reason?: string;
}

export interface Finding {
  requirement: Requirement;
  outcomes: Readonly<Record<Profile, Outcome>>;
}

/** Whether the test of a title passed. Tests of other files have other titles. */
export type PassedByTest = ReadonlyMap<string, boolean>;

/** The beginning of a title: `CIBA-4-01 standard`. */
export function nameOfTest(title: string): string | undefined {
  return /^(\S+ (?:standard|auth0)): /.exec(title)?.[1];
}

export interface Joined {
  findings: Finding[];
  /** Tests that the catalogue asks for and that were not run. */
  missing: string[];
}

export function joinResults(passed: PassedByTest): Joined {
  const missing: string[] = [];
  const findings = readCatalogue().map((requirement) => {
    const outcomeIn = (profile: Profile): Outcome => {
      const outcome = judge(requirement, profile, passed);
      if (!outcome) missing.push(`${requirement.id} ${profile}`);
      return outcome ?? { result: 'fail', reason: 'There is no test.' };
    };
    return { requirement, outcomes: { standard: outcomeIn('standard'), auth0: outcomeIn('auth0') } };
  });
  return { findings, missing };
}

function judge({ id, profiles }: Requirement, profile: Profile, passed: PassedByTest): Outcome | undefined {
  const judged = profiles[profile];
  if (judged.verdict === 'not_applicable') return { result: 'not applicable', reason: judged.reason };
  const name = `${id} ${profile}`;
  const hasPassed = passed.get(name);
  if (hasPassed === undefined) return undefined;
  if (!hasPassed) return { result: 'fail' };
  return judged.verdict === 'deviates'
    ? { result: 'deviates', behaviour: judged.behaviour, reason: judged.reason }
    : { result: 'pass' };
}
