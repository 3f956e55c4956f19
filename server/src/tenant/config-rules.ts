// What a schema cannot say about rules: which members go together, and that they are about somebody and something that is
// here. A rule that could never match would be missed by nobody but the test that relies on it.
import { isDeepStrictEqual } from 'node:util';
import { AMOUNT_BOUND, type TenantConfig } from '../contract/index.ts';
import { findNearest } from '../nearest.ts';
import { areApart } from '../rules/index.ts';
import type { ConfigMistake, ConfigPath } from './config-path.ts';

/** What is looked at. Members of the wrong type are the schema's finding, and absent here. */
export interface RuleOutline {
  answer?: string | undefined;
  reason?: string | undefined;
  user_id?: string | undefined;
  client_id?: string | undefined;
  audience?: string | undefined;
  scope?: string | undefined;
  type?: string | undefined;
  where?: Record<string, unknown> | undefined;
  up_to?: string | number | undefined;
  at_least?: string | number | undefined;
  after_polls?: unknown;
  after_seconds?: unknown;
  late?: unknown;
}

/** What rules may be about. */
export interface RuleSubjects {
  user_id: readonly string[];
  client_id: readonly string[];
  audience: readonly string[];
  scope: readonly string[];
  type: readonly string[];
}

/** OpenID Connect Core §5.4 and §11: scopes that no API defines. */
const STANDARD_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'];

const EXPECTED = {
  user_id: 'the user_id of a person',
  client_id: 'a client_id',
  audience: 'the identifier of an API',
  scope: 'a scope of an API',
  type: 'a type of authorization details of an API',
} as const satisfies Record<keyof RuleSubjects, string>;

export function findRuleMistakes(
  rules: ReadonlyArray<RuleOutline | undefined>,
  subjects: RuleSubjects,
): ConfigMistake[] {
  return rules.flatMap((rule, index) => {
    if (!rule) return [];
    const path = ['rules', index];
    return [
      ...findContradictions(path, rule),
      ...findUnusablePlaces(path, rule),
      ...findLostSubjects(path, rule, subjects),
    ];
  });
}

function findContradictions(path: ConfigPath, rule: RuleOutline): ConfigMistake[] {
  const { answer, reason } = rule;
  const delays = [
    ...(rule.after_polls === undefined ? [] : ['after_polls']),
    ...(rule.after_seconds === undefined ? [] : ['after_seconds']),
    ...(rule.late === true ? ['late'] : []),
  ];
  const [delay, other] = delays;
  const mistakes: Array<readonly [member: string | undefined, text: string]> = [
    [
      reason !== undefined && answer !== undefined && answer !== 'deny' ? 'reason' : undefined,
      `is of a denial, and the answer is "${answer}".`,
    ],
    [answer === 'nothing' ? delay : undefined, 'says when to answer, and the answer is "nothing".'],
    [
      answer === 'expire' && rule.late === true ? 'late' : undefined,
      'answers once the request has expired; it cannot expire again.',
    ],
    [other, `stands beside ${delay}, expected one of them.`],
    [
      isNeverWithin(rule) ? 'at_least' : undefined,
      `received ${rule.at_least}, which no amount up to ${rule.up_to} is.`,
    ],
  ];
  return mistakes.flatMap(([member, text]) =>
    member === undefined ? [] : [{ path: [...path, member], text, concernsName: true }],
  );
}

/** A bound that is none is the schema's finding. */
function isNeverWithin({ up_to: upTo, at_least: atLeast }: RuleOutline): boolean {
  const isBound = (bound: string | number | undefined): bound is string | number =>
    typeof bound === 'number' ? bound >= 0 : bound !== undefined && AMOUNT_BOUND.test(bound);
  return isBound(upTo) && isBound(atLeast) && areApart(upTo, atLeast);
}

/** RFC 6901 §3: a pointer is empty or starts with a slash. */
function findUnusablePlaces(path: ConfigPath, { where }: RuleOutline): ConfigMistake[] {
  // Perhaps what it said is a name that is never read, such as "__proto__"; then the rule would take everything.
  if (where !== undefined && Object.keys(where).length === 0) {
    return [
      { path: [...path, 'where'], text: 'says nothing, expected conditions by JSON Pointer, or no where.' },
    ];
  }
  return Object.entries(where ?? {}).flatMap(([pointer, condition]): ConfigMistake[] => {
    const place = [...path, 'where', pointer];
    if (pointer !== '' && !pointer.startsWith('/')) {
      const text = `received "${pointer}", expected a JSON Pointer. Did you mean "/${pointer.replaceAll('.', '/')}"?`;
      return [{ path: place, concernsName: true, text }];
    }
    const isEmpty =
      typeof condition === 'object' && condition !== null && Object.keys(condition).length === 0;
    return isEmpty
      ? [{ path: place, text: 'says nothing, expected equals, one_of, at_most, at_least or exists.' }]
      : [];
  });
}

function findLostSubjects(path: ConfigPath, rule: RuleOutline, subjects: RuleSubjects): ConfigMistake[] {
  const members = Object.keys(EXPECTED) as Array<keyof RuleSubjects>;
  return members.flatMap((member) => {
    const received = rule[member];
    if (received === undefined) return [];
    const names = member === 'scope' ? received.split(' ').filter((name) => name !== '') : [received];
    return names.flatMap((name) => {
      if (subjects[member].includes(name)) return [];
      const guess = findNearest(name, subjects[member]);
      const advice = guess === undefined ? '' : ` Did you mean "${guess}"?`;
      const text = `received "${name}", expected ${EXPECTED[member]} in this tenant.${advice}`;
      return [{ path: [...path, member], text }];
    });
  });
}

/** Names that rules may have, out of a tenant whose members may be missing. */
export function ruleSubjects(tenant: {
  users: ReadonlyArray<{ user_id?: string | undefined } | undefined>;
  clients: ReadonlyArray<{ client_id?: string | undefined } | undefined>;
  resource_servers: ReadonlyArray<
    | {
        identifier?: string | undefined;
        scopes: ReadonlyArray<{ value?: string | undefined } | undefined>;
        authorization_details: ReadonlyArray<{ type?: string | undefined } | undefined>;
      }
    | undefined
  >;
}): RuleSubjects {
  const isName = (name: string | undefined): name is string => name !== undefined;
  const apis = tenant.resource_servers;
  return {
    user_id: tenant.users.map((user) => user?.user_id).filter(isName),
    client_id: tenant.clients.map((client) => client?.client_id).filter(isName),
    audience: apis.map((api) => api?.identifier).filter(isName),
    scope: [
      ...STANDARD_SCOPES,
      ...apis.flatMap((api) => api?.scopes.map((scope) => scope?.value) ?? []),
    ].filter(isName),
    type: apis
      .flatMap((api) => api?.authorization_details.map((detail) => detail?.type) ?? [])
      .filter(isName),
  };
}

/**
 * Rules about people, clients and APIs go with them, as client grants do: whoever deletes somebody need not know of rules.
 *
 * @param before the rules as they were; others are not dropped but found to be mistaken
 */
export function dropLostRules(draft: TenantConfig, before: TenantConfig['rules']): void {
  if (draft.rules.length === 0) return;
  const subjects = ruleSubjects(draft);
  draft.rules = draft.rules.filter(
    (rule) =>
      findLostSubjects([], rule, subjects).length === 0 ||
      !before.some((earlier) => isDeepStrictEqual(earlier, rule)),
  );
}
