// Words the question. Every value of the authorization details becomes a row, whatever its type: the tenant's display
// settings choose labels and the headline, never what is left out. Pure; the hash of the result binds the decision to it.
import { hash } from 'node:crypto';
import type {
  AuthorizationDetail,
  AuthorizationDetailTypeConfig,
  ConsentSection,
  ConsentView,
  ResourceServerConfig,
} from '../contract/index.ts';
import { valueAt } from '../json-pointer.ts';
import { approverMay } from './approver-may.ts';
import { auth0Rows, displayedProperties, instructionOf, isAuth0Detail } from './auth0-details.ts';
import { memberRows, row } from './consent-rows.ts';
import { showInvisible, textOf, wordsOf } from './consent-text.ts';
import { rowWordsOf } from './row-words.ts';

export interface ConsentSource {
  clientName: string;
  scope: readonly string[];
  authorizationDetails?: readonly AuthorizationDetail[] | undefined;
  /** The API asked for, if any: its name, permissions and types. */
  resourceServer?: ResourceServerConfig | undefined;
}

/** Scopes of OpenID Connect, in words for the approver. */
const STANDARD_SCOPES: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'Read your name and picture',
  email: 'Read your e-mail address',
  phone: 'Read your phone number',
  address: 'Read your postal address',
  offline_access: 'Keep this access while you are away',
};

export function buildConsentView(source: ConsentSource): ConsentView {
  const details = source.authorizationDetails ?? [];
  const types = source.resourceServer?.authorization_details ?? [];
  const sections = details.map((detail) => detailSection(detail, typeOf(detail, types), details.length > 1));
  const { told, ...headline } = headlineOf(source, details, types);
  return {
    who: source.clientName,
    ...headline,
    summary: [headline.what, headline.whom].filter((part) => part !== undefined).join(' '),
    sections: [...sections, accessSection(source)],
    ...(isAllTold(source, sections, told) ? { summary_is_complete: true } : {}),
  };
}

/** Parts of the first line, and the pointers of the values that they are made of. */
interface Headline extends Pick<ConsentView, 'what' | 'currency' | 'whom'> {
  told: readonly string[];
}

/**
 * Whether whoever reads the summary has read everything: each value of the details, or without details each permission
 * beside knowing who somebody is. Access that outlives the action is never told by it.
 */
function isAllTold(
  { scope }: ConsentSource,
  sections: readonly ConsentSection[],
  told: readonly string[],
): boolean {
  if (scope.includes('offline_access')) return false;
  const [section, ...others] = sections;
  if (section === undefined) return scope.every((one) => one === 'openid' || told.includes(one));
  return (
    others.length === 0 &&
    section.known &&
    // A choice is made where it can be read.
    (section.may?.choose.length ?? 0) === 0 &&
    section.rows.every(({ path, kind, value, hidden, note }) => {
      const isHeading = kind === 'group' && value === '';
      return (path === '/type' || isHeading || told.includes(path)) && !hidden && note === undefined;
    })
  );
}

/**
 * base64url SHA-256 over what the approver reads: the view, the code and whose request it is. An answer names it, so that it
 * cannot be turned into an answer to something else.
 */
export function hashConsent(shown: { consent: ConsentView; bindingMessage: string; userId: string }): string {
  const { consent, bindingMessage, userId } = shown;
  return hash('sha256', JSON.stringify([consent, bindingMessage, userId]), 'base64url');
}

function typeOf(
  detail: AuthorizationDetail,
  types: readonly AuthorizationDetailTypeConfig[],
): AuthorizationDetailTypeConfig | undefined {
  return types.find((type) => type.type === detail.type);
}

function headlineOf(
  source: ConsentSource,
  details: readonly AuthorizationDetail[],
  types: readonly AuthorizationDetailTypeConfig[],
): Headline {
  const [first] = details;
  if (!first) return accessHeadline(source);
  if (details.length > 1) return { what: `${details.length} things at once`, told: [] };
  const type = typeOf(first, types);
  if (isAuth0Detail(first)) {
    const [lead] = displayedProperties(first);
    return {
      what: instructionOf(first) ?? titleOf(first, type),
      ...(lead === undefined ? {} : { whom: `${lead.name}: ${textOf(lead.value)}` }),
      told: lead === undefined || typeof lead.value === 'object' ? [] : [lead.valuePath],
    };
  }
  const display = type?.display;
  if (!display) return { what: titleOf(first, type), told: [] };
  const amount = textAt(first, display.amount);
  const currency = textAt(first, display.currency);
  const to = textAt(first, display.to);
  const action = display.action ?? titleOf(first, type);
  return {
    what: [action, amount, currency].filter((part) => part !== undefined).join(' '),
    ...(amount !== undefined && currency !== undefined ? { currency } : {}),
    ...(to === undefined ? {} : { whom: `${display.preposition} ${to}` }),
    told: [
      ...(amount === undefined ? [] : [display.amount]),
      ...(currency === undefined ? [] : [display.currency]),
      ...(to === undefined ? [] : [display.to]),
    ].filter((pointer) => pointer !== undefined),
  };
}

function accessHeadline(source: ConsentSource): Headline {
  const [only, ...others] = source.scope.filter((scope) => !Object.hasOwn(STANDARD_SCOPES, scope));
  if (only === undefined) return { what: 'Know who you are', told: [] };
  const described = permissionText(only, source.resourceServer);
  return others.length === 0
    ? { what: described, told: [only] }
    : { what: `${described} and ${others.length} more`, told: [] };
}

function accessSection(source: ConsentSource): ConsentSection {
  const { resourceServer } = source;
  return {
    type: 'access',
    title: 'Access',
    known: true,
    rows: [
      ...(resourceServer === undefined
        ? []
        : [
            row({
              path: '/audience',
              label: 'API',
              value: resourceServer.name ?? resourceServer.identifier,
              ...(resourceServer.name === undefined ? {} : { note: resourceServer.identifier }),
            }),
          ]),
      ...source.scope.map((scope, index) =>
        row({
          path: `/scope/${index}`,
          label: index === 0 ? 'Permissions' : '',
          value: permissionText(scope, resourceServer),
          note: scope,
        }),
      ),
    ],
  };
}

function permissionText(scope: string, resourceServer: ResourceServerConfig | undefined): string {
  const described = resourceServer?.scopes.find((known) => known.value === scope)?.description;
  return (
    described ??
    (Object.hasOwn(STANDARD_SCOPES, scope) ? STANDARD_SCOPES[scope] : undefined) ??
    showInvisible(scope)
  );
}

function detailSection(
  detail: AuthorizationDetail,
  type: AuthorizationDetailTypeConfig | undefined,
  isOneOfSeveral: boolean,
): ConsentSection {
  const { type: typeName, ...members } = detail;
  const may = approverMay(detail, type, isOneOfSeveral);
  const offered = may === undefined ? {} : { may };
  const instruction = isAuth0Detail(detail) ? instructionOf(detail) : undefined;
  const typeRow = row({ path: '/type', label: 'Type', value: textOf(typeName), kind: 'code' });
  if (isAuth0Detail(detail)) {
    return {
      type: typeName,
      title: titleOf(detail, type),
      known: type !== undefined,
      ...(instruction === undefined ? {} : { instruction }),
      rows: [...auth0Rows(detail), typeRow],
      ...offered,
    };
  }
  return {
    type: typeName,
    title: titleOf(detail, type),
    known: type?.display !== undefined || type?.name !== undefined,
    rows: [...memberRows(members, '', 0, rowWordsOf(type)), typeRow],
    ...offered,
  };
}

function titleOf(detail: AuthorizationDetail, type: AuthorizationDetailTypeConfig | undefined): string {
  return type?.name ?? wordsOf(detail.type.split(':').at(-1) ?? detail.type);
}

/** Members of a list that a line has room for. */
const MOST_IN_A_LINE = 3;

/** What stands at a pointer as text, a short list with commas; undefined where there is nothing, or more. */
function textAt(detail: AuthorizationDetail, pointer: string | undefined): string | undefined {
  const value = pointer === undefined ? undefined : valueAt(detail, pointer);
  const values = Array.isArray(value) && value.length > 0 && value.length <= MOST_IN_A_LINE ? value : [value];
  const isPlain = values.every((one) => one !== undefined && one !== null && typeof one !== 'object');
  return isPlain ? values.map(textOf).join(', ') : undefined;
}
