// Words the question. Every value of the authorization details becomes a row, whatever its type: the tenant's display
// settings choose labels and the headline, never what is left out. Pure; the hash of the result binds the decision to it.
import { createHash } from 'node:crypto';
import {
  AUTH0_DETAIL_TYPE_PREFIX,
  type AuthorizationDetail,
  type AuthorizationDetailTypeConfig,
  type ConsentRow,
  type ConsentSection,
  type ConsentView,
  type ResourceServerConfig,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { appendToPointer, namesInPointer } from '../json-pointer.ts';
import { showInvisible, textOf, wordsOf } from './consent-text.ts';

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
  const sections = details.map((detail) => detailSection(detail, typeOf(detail, types)));
  const headline = headlineOf(source, details, types);
  return {
    who: source.clientName,
    ...headline,
    summary: [headline.what, headline.whom].filter((part) => part !== undefined).join(' '),
    sections: [...sections, accessSection(source)],
  };
}

/**
 * base64url SHA-256 over what the approver reads: the view, the code and whose request it is. An answer names it, so that it
 * cannot be turned into an answer to something else.
 */
export function hashConsent(shown: { consent: ConsentView; bindingMessage: string; userId: string }): string {
  const { consent, bindingMessage, userId } = shown;
  return createHash('sha256')
    .update(JSON.stringify([consent, bindingMessage, userId]))
    .digest('base64url');
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
): Pick<ConsentView, 'what' | 'currency' | 'whom'> {
  const [first] = details;
  if (!first) return { what: accessHeadline(source) };
  if (details.length > 1) return { what: `${details.length} things at once` };
  const type = typeOf(first, types);
  if (isAuth0Detail(first)) {
    const [lead] = displayedProperties(first);
    return {
      what: instructionOf(first) ?? titleOf(first, type),
      ...(lead === undefined ? {} : { whom: `${lead.name}: ${textOf(lead.value)}` }),
    };
  }
  const display = type?.display;
  if (!display) return { what: titleOf(first, type) };
  const amount = valueAt(first, display.amount);
  const currency = valueAt(first, display.currency);
  const to = valueAt(first, display.to);
  const action = display.action ?? titleOf(first, type);
  return {
    what: [action, amount, currency].filter((part) => part !== undefined).join(' '),
    ...(amount !== undefined && currency !== undefined ? { currency } : {}),
    ...(to === undefined ? {} : { whom: `${display.preposition} ${to}` }),
  };
}

function accessHeadline(source: ConsentSource): string {
  const described = source.scope
    .filter((scope) => !Object.hasOwn(STANDARD_SCOPES, scope))
    .map((scope) => permissionText(scope, source.resourceServer));
  const [only, ...others] = described;
  if (only === undefined) return 'Know who you are';
  return others.length === 0 ? only : `${only} and ${others.length} more`;
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
): ConsentSection {
  const { type: typeName, ...members } = detail;
  const instruction = isAuth0Detail(detail) ? instructionOf(detail) : undefined;
  const typeRow = row({ path: '/type', label: 'Type', value: textOf(typeName), kind: 'code' });
  const labels = type?.display?.labels ?? {};
  if (isAuth0Detail(detail)) {
    return {
      type: typeName,
      title: titleOf(detail, type),
      known: type !== undefined,
      ...(instruction === undefined ? {} : { instruction }),
      rows: [...auth0Rows(detail), typeRow],
    };
  }
  return {
    type: typeName,
    title: titleOf(detail, type),
    known: type?.display !== undefined || type?.name !== undefined,
    rows: [...memberRows(members, '', 0, labels), typeRow],
  };
}

/** One row per value; an object or a list becomes a heading with its members indented under it. */
function memberRows(
  members: Readonly<Record<string, unknown>>,
  base: string,
  depth: number,
  labels: Readonly<Record<string, string>>,
): ConsentRow[] {
  return Object.entries(members).flatMap(([name, value]) => {
    const path = appendToPointer(base, name);
    const label = labels[path] ?? wordsOf(name);
    return valueRows(value, path, label, depth, labels);
  });
}

function valueRows(
  value: unknown,
  path: string,
  label: string,
  depth: number,
  labels: Readonly<Record<string, string>>,
): ConsentRow[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [row({ path, label, value: 'empty list', kind: 'empty', depth })];
    return [
      row({
        path,
        label,
        value: `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`,
        kind: 'group',
        depth,
      }),
      ...value.flatMap((entry: unknown, index) => {
        const entryPath = appendToPointer(path, index);
        return valueRows(entry, entryPath, labels[entryPath] ?? `${index + 1}.`, depth + 1, labels);
      }),
    ];
  }
  if (isJsonObject(value)) {
    const count = Object.keys(value).length;
    if (count === 0) return [row({ path, label, value: 'empty', kind: 'empty', depth })];
    return [
      row({ path, label, value: '', kind: 'group', depth }),
      ...memberRows(value, path, depth + 1, labels),
    ];
  }
  return [row({ path, label, value: textOf(value), kind: kindOf(value), depth })];
}

/**
 * auth0: Configure Rich Authorization Requests. Hidden properties are marked, not dropped; and what does not fit the schema
 * is shown like any other member, so that nothing can hide behind a familiar type.
 */
function auth0Rows(detail: AuthorizationDetail): ConsentRow[] {
  const { type: _type, ...members } = detail;
  if (instructionOf(detail) !== undefined) delete members['instruction'];
  if (isJsonObject(members['properties'])) delete members['properties'];
  const hidden = auth0Properties(detail).filter((property) => !property.display);
  const rows = [...displayedProperties(detail), ...hidden].flatMap((property) => {
    const [first, ...nested] = valueRows(property.value, property.valuePath, property.name, 0, {});
    const described =
      first === undefined || property.description === undefined
        ? first
        : { ...first, note: property.description };
    return [
      ...(described === undefined ? [] : [described]),
      ...nested,
      ...memberRows(property.others, property.path, 1, {}),
    ].map((one) => ({ ...one, hidden: !property.display }));
  });
  return [...rows, ...memberRows(members, '', 0, {})];
}

interface Auth0Property {
  path: string;
  valuePath: string;
  name: string;
  value: unknown;
  description: string | undefined;
  display: boolean;
  order: number;
  /** Members that the schema does not know, or knows with another type. */
  others: Record<string, unknown>;
}

function auth0Properties(detail: AuthorizationDetail): Auth0Property[] {
  const properties = detail['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).map(([key, property], index) => {
    const path = appendToPointer('/properties', key);
    if (!isJsonObject(property) || !('value' in property)) {
      const name = wordsOf(key);
      return {
        path,
        valuePath: path,
        name,
        value: property,
        description: undefined,
        display: false,
        order: index,
        others: {},
      };
    }
    const { value, name, description, display, display_order, ...others } = property;
    const odd: Record<string, unknown> = { name, description, display, display_order };
    if (name === undefined || typeof name === 'string') delete odd['name'];
    if (description === undefined || typeof description === 'string') delete odd['description'];
    if (display === undefined || typeof display === 'boolean') delete odd['display'];
    const order = orderOf(display_order);
    if (display_order === undefined || order !== undefined) delete odd['display_order'];
    return {
      path,
      valuePath: appendToPointer(path, 'value'),
      name: typeof name === 'string' && name.trim() !== '' ? showInvisible(name) : wordsOf(key),
      value,
      description: typeof description === 'string' ? showInvisible(description) : undefined,
      display: display === true,
      order: order ?? index + 1_000,
      others: { ...odd, ...others },
    };
  });
}

/** A whole number, or its text: Auth0's documentation shows both. Anything else is shown instead of obeyed. */
function orderOf(displayOrder: unknown): number | undefined {
  const isOrder =
    Number.isSafeInteger(displayOrder) ||
    (typeof displayOrder === 'string' && /^\d{1,9}$/.test(displayOrder));
  return isOrder ? Number(displayOrder) : undefined;
}

function instructionOf(detail: AuthorizationDetail): string | undefined {
  const instruction = detail['instruction'];
  return typeof instruction === 'string' && instruction.trim() !== ''
    ? showInvisible(instruction)
    : undefined;
}

function displayedProperties(detail: AuthorizationDetail): Auth0Property[] {
  return auth0Properties(detail)
    .filter((property) => property.display)
    .sort((a, b) => a.order - b.order);
}

function isAuth0Detail(detail: AuthorizationDetail): boolean {
  return detail.type.startsWith(AUTH0_DETAIL_TYPE_PREFIX);
}

function titleOf(detail: AuthorizationDetail, type: AuthorizationDetailTypeConfig | undefined): string {
  return type?.name ?? wordsOf(detail.type.split(':').at(-1) ?? detail.type);
}

/** RFC 6901. */
function valueAt(detail: AuthorizationDetail, pointer: string | undefined): string | undefined {
  if (pointer === undefined) return undefined;
  let value: unknown = detail;
  for (const name of namesInPointer(pointer)) {
    if (Array.isArray(value)) value = value[Number(name)];
    else if (isJsonObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value === undefined || value === null || typeof value === 'object' ? undefined : textOf(value);
}

function kindOf(value: unknown): ConsentRow['kind'] {
  if (value === null || value === '') return 'empty';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return 'text';
}

function row(parts: Pick<ConsentRow, 'path' | 'label' | 'value'> & Partial<ConsentRow>): ConsentRow {
  const { kind = 'text', depth = 0, hidden = false, ...rest } = parts;
  return { ...rest, kind, depth: Math.min(depth, 32), hidden };
}
