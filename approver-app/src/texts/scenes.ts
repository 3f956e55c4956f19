// The texts of what if and of attacks. What a scene itself is called comes with the scene, from the server's `scenes/scene-words.ts`.
import type { Attack, SceneCheck, WhatIfChange } from 'assent/contract';
import type { Participant, StepKind } from 'assent/sequence';
import { sequenceTexts } from './sequence.ts';
import type { PluralForms } from './shared.ts';

export const sceneTexts = {
  whatIf: 'What if',
  attack: 'Attack the gate',
  close: 'Back to the server',
  playing: 'It is being played…',
  failed: 'It could not be played. {why}',
  isolated: 'Played in a world of its own. Nobody is asked, and nothing is recorded here.',

  changes: {
    label: 'Repeat this run, but',
    names: {
      denied: 'denied',
      expired: 'expired',
      polled_too_fast: 'polled too fast',
      wrong_details: 'other details',
      push_lost: 'push lost',
      replayed: 'replayed',
    } satisfies Record<WhatIfChange, string>,
    none: 'Start a request first: there is no run to repeat.',
  },

  attacks: {
    label: 'A manipulated agent',
    plays: 'An attack asks for the demo transfer of this tenant, whichever request is selected.',
    names: {
      claimed_approval: 'claims approval',
      login_token: 'uses a login’s token',
      other_token: 'uses another token',
      changed_amount: 'changes the amount',
      replayed_request: 'redeems twice',
      replayed_token: 'repeats the call',
      approved_by_get: 'approves by links',
      ignored_denial: 'ignores a denial',
    } satisfies Record<Attack, string>,
    connection: 'attack scene',
    told: 'It was told: “{told}”',
    stopped: '*Stopped by: {check}*, {place}.',
    passed: '*Nothing stopped it.* Without this check the action is done.',
    passedPlainly: '*Nothing stopped it.*',
    places: {
      agent: 'at the agent',
      server: 'at the authorization server',
      push: 'at the push service',
      approver: 'at the approver',
      api: 'at the API, before anything is done',
    } satisfies Record<Participant, string>,
    turnOff: 'Turn off “{check}” and repeat',
    withAll: 'Repeat with every check',
  },

  checks: {
    token_present: 'a token must be there',
    scope: 'scope must allow it',
    details: 'details must match',
    single_use: 'a token counts once',
  } satisfies Record<SceneCheck, string> as Readonly<Record<string, string>>,
  otherChecks: {
    one_redemption: 'an approval is redeemed once',
    get_changes_nothing: 'opening an address changes nothing',
  } as Readonly<Record<string, string>>,

  comparison: {
    connection: 'comparing two runs',
    leads: {
      changed: { one: '1 step differs', other: '{count} steps differ' } satisfies PluralForms,
      missing: { one: '1 never happens', other: '{count} never happen' } satisfies PluralForms,
      added: { one: '1 is new', other: '{count} are new' } satisfies PluralForms,
      none: 'nothing differs',
    },
    ignored: 'Time and ids are ignored in the comparison.',
    rows: 'Both runs, row by row',
    first: 'played again',
    second: 'with the change',
    folded: '{count} rows are the same: {labels}',
    unfold: 'Unfold',
    fold: 'Fold',
    same: 'the same',
    changed: 'changed',
    missing: 'never happens',
    added: 'only here',
    between: 'between',
    direction: '{from} → {to}',
    outcome: 'Outcome',
    next: 'Next difference',
    participants: sequenceTexts.shortParticipants,
    never: {
      'api-called': 'Never happens: there is no token to send.',
      'api-answered': 'Nothing is done.',
      'push-received': 'Never happens: the push does not arrive.',
      'details-read': 'Never happens: the device knows of nothing.',
      'details-shown': 'Nothing is shown.',
      approved: 'Never happens: nobody answers.',
      denied: 'Never happens: nobody answers.',
      'decision-taken': 'There is no decision to take.',
    } as Readonly<Partial<Record<StepKind, string>>>,
    neverAtAll: 'Never happens.',
    outcomes: {
      pending: 'Still waiting',
      approved: 'Approved, no token taken',
      denied: 'Denied',
      expired: 'Expired',
      redeemed: 'Approved, token taken',
      refused: 'Refused',
    },
    done: 'The API did it {count} ×.',
    notDone: 'Nothing is done. The agent cannot tell a denial from an expiry.',
    stopped: 'The API stopped the call.',
  },
} as const;

export function nameOfSceneCheck(check: string): string {
  return sceneTexts.checks[check] ?? sceneTexts.otherChecks[check] ?? check;
}
