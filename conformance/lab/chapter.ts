// How a chapter states its requirements: `requirement(id, check)` makes one test for each profile that the catalogue says it
// holds in, titled by its id, against a lab that the whole file shares.

import type { TenantConfigInput } from 'assent/contract';
import { afterAll, inject, test } from 'vitest';
import { type Requirement, readCatalogue } from '../catalogue.ts';
import type { Profile } from './clients.ts';
import { Lab } from './lab.ts';

type Check = (lab: Lab) => Promise<void>;

/** One check for both profiles, or one for each: what the `auth0` profile does in place of the requirement. */
type Checks = Check | Readonly<Partial<Record<Profile, Check>>>;

export interface Chapter {
  requirement(id: string, checks: Checks): void;
  /** A lab of its own for one test. The caller disposes of it. */
  startLab(profile: Profile, change?: (config: TenantConfigInput) => TenantConfigInput): Promise<Lab>;
}

const PROFILES: readonly Profile[] = ['standard', 'auth0'];

/** @param change of the tenant that this chapter's labs start with */
export function openChapter(change?: (config: TenantConfigInput) => TenantConfigInput): Chapter {
  const catalogue = new Map(readCatalogue().map((entry) => [entry.id, entry]));
  const dataFolder = inject('conformanceFolder');
  const labs = new Map<Profile, Promise<Lab>>();
  const labOf = (profile: Profile): Promise<Lab> => {
    const lab = labs.get(profile) ?? Lab.start({ profile, dataFolder, change });
    labs.set(profile, lab);
    return lab;
  };
  afterAll(async () => {
    for (const lab of labs.values()) await (await lab)[Symbol.asyncDispose]();
  });
  return {
    requirement(id, checks) {
      const entry = catalogue.get(id);
      if (!entry) throw new Error(`${id} is not in the catalogue`);
      for (const profile of PROFILES) {
        const check = checkFor(entry, profile, checks);
        if (!check) continue;
        const title = `${id} ${profile}: ${describe(entry, profile)}`;
        test(title, async () => check(await labOf(profile)));
      }
    },
    startLab: (profile, own) => Lab.start({ profile, dataFolder, change: own }),
  };
}

function checkFor({ id, profiles }: Requirement, profile: Profile, checks: Checks): Check | undefined {
  const { verdict } = profiles[profile];
  if (verdict === 'not_applicable') return undefined;
  if (typeof checks === 'function') return checks;
  const check = checks[profile];
  if (!check) throw new Error(`${id} has no check for the profile ${profile}`);
  return check;
}

function describe({ text, profiles }: Requirement, profile: Profile): string {
  const judged = profiles[profile];
  return judged.verdict === 'deviates' ? judged.behaviour : text;
}
