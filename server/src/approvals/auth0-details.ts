// Auth0's own schema for what the Guardian app shows, read for the approver. auth0: Configure Rich Authorization Requests.
import { AUTH0_DETAIL_TYPE_PREFIX, type AuthorizationDetail, type ConsentRow } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';
import { memberRows, valueRows } from './consent-rows.ts';
import { showInvisible, wordsOf } from './consent-text.ts';
import { NO_WORDS } from './row-words.ts';

/**
 * auth0: Configure Rich Authorization Requests. Hidden properties are marked, not dropped; and what does not fit the schema
 * is shown like any other member, so that nothing can hide behind a familiar type.
 */
export function auth0Rows(detail: AuthorizationDetail): ConsentRow[] {
  const { type: _type, ...members } = detail;
  if (instructionOf(detail) !== undefined) delete members['instruction'];
  if (isJsonObject(members['properties'])) delete members['properties'];
  const hidden = auth0Properties(detail).filter((property) => !property.display);
  const rows = [...displayedProperties(detail), ...hidden].flatMap((property) => {
    const [first, ...nested] = valueRows(property.value, property.valuePath, property.name, 0, NO_WORDS);
    const described =
      first === undefined || property.description === undefined
        ? first
        : { ...first, note: property.description };
    return [
      ...(described === undefined ? [] : [described]),
      ...nested,
      ...memberRows(property.others, property.path, 1, NO_WORDS),
    ].map((one) => ({ ...one, hidden: !property.display }));
  });
  return [...rows, ...memberRows(members, '', 0, NO_WORDS)];
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

export function instructionOf(detail: AuthorizationDetail): string | undefined {
  const instruction = detail['instruction'];
  return typeof instruction === 'string' && instruction.trim() !== ''
    ? showInvisible(instruction)
    : undefined;
}

export function displayedProperties(detail: AuthorizationDetail): Auth0Property[] {
  return auth0Properties(detail)
    .filter((property) => property.display)
    .sort((a, b) => a.order - b.order);
}

export function isAuth0Detail(detail: AuthorizationDetail): boolean {
  return detail.type.startsWith(AUTH0_DETAIL_TYPE_PREFIX);
}
