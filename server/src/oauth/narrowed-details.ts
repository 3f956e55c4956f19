// `authorization_details` in a token request: a part of what was granted, never more. RFC 9396 §6 and §7. Judged before a code,
// a refresh token or an approved request is spent, so that whoever asked for too much can still ask for less. The provider is
// not shown the parameter: it would take it for a request of its own.
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { Provider } from 'oidc-provider';
import { type AuthorizationDetail, authorizationDetailSchema, CIBA_GRANT_TYPE } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { unusableDetails } from './authorization-details.ts';
import { parseExactJson } from './exact-json.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';

/** Grants of which something was granted before. */
const GRANT_TYPES = ['authorization_code', 'refresh_token', CIBA_GRANT_TYPE];

/** RFC 9396 §2.2: lists of which each element stands for itself, so that a shorter one asks for less. */
const RIGHTS = ['locations', 'actions', 'datatypes', 'privileges'];

type Details = readonly AuthorizationDetail[];

export class NarrowedDetails {
  readonly #tenant: Tenant;
  readonly #parametersOf: (request: IncomingMessage) => RequestParameters;

  /** @param parametersOf what a request really asked; the provider has been shown less */
  constructor(tenant: Tenant, parametersOf: (request: IncomingMessage) => RequestParameters) {
    this.#tenant = tenant;
    this.#parametersOf = parametersOf;
  }

  /** What the provider gets to see of a token request. */
  providerParameters(parameters: RequestParameters): RequestParameters {
    if (!isNarrowing(parameters)) return parameters;
    const { authorization_details: _details, ...others } = parameters;
    return others;
  }

  /** @throws Refusal where the token request that is being answered asks for more than this, or may not ask at all */
  check(granted: Details | undefined): void {
    this.narrow(granted);
  }

  /**
   * What the access token of the request that is being answered carries.
   *
   * @throws Refusal as `check` does
   */
  narrow(granted: Details | undefined): Details | undefined {
    const { ctx } = Provider;
    const parameters = ctx ? this.#parametersOf(ctx.req) : {};
    const text = parameter(parameters, 'authorization_details');
    if (ctx?.oidc.route !== 'token' || text === undefined || !isNarrowing(parameters)) return granted;
    const client = this.#tenant.directory.client(ctx.oidc.client?.clientId ?? '');
    if (!rulesOf(this.#tenant, client).narrowsDetails) {
      throw unusableDetails(
        `authorization_details cannot be sent to ${ctx.path}: nobody would be shown them there`,
      );
    }
    return readPart(text, granted ?? []);
  }
}

function isNarrowing(parameters: RequestParameters): boolean {
  return GRANT_TYPES.includes(parameter(parameters, 'grant_type') ?? '');
}

function readPart(text: string, granted: Details): Details {
  const asked = authorizationDetailSchema.array().min(1).safeParse(parse(text)).data;
  if (asked === undefined) {
    throw unusableDetails(
      'authorization_details: expected a JSON array of objects with a text member "type", at least one',
    );
  }
  if (isPart(asked, granted)) return asked;
  throw unusableDetails(
    'authorization_details ask for more than was granted: each object must be one that was granted, or the same with fewer locations, actions, datatypes or privileges',
    `granted: ${JSON.stringify(granted)}`,
  );
}

function parse(text: string): unknown {
  try {
    return parseExactJson(text, (why) => unusableDetails(`authorization_details: ${why}`));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a token carries what was granted, or the part of it that its client asked for. */
export function isAsGranted(
  carried: unknown,
  granted: Details | undefined,
  parameters: RequestParameters,
): boolean {
  if (parameter(parameters, 'authorization_details') === undefined || granted === undefined)
    return JSON.stringify(carried) === JSON.stringify(granted);
  const details = authorizationDetailSchema.array().safeParse(carried).data;
  return details !== undefined && isPart(details, granted);
}

/**
 * Whether each object asks for no more than one that was granted, and no two of them use the same one. Finds who uses which by
 * letting a later one take the place of an earlier one that has another (Kuhn): many alike must not keep the server busy.
 */
function isPart(asked: Details, granted: Details): boolean {
  if (asked.length > granted.length) return false;
  const fitting = asked.map((one) => granted.map((other) => isLess(one, other)));
  const usedBy = new Map<number, number>();
  const place = (one: number, tried: Set<number>): boolean =>
    granted.some((_other, at) => {
      if (fitting[one]?.[at] !== true || tried.has(at)) return false;
      tried.add(at);
      const before = usedBy.get(at);
      if (before !== undefined && !place(before, tried)) return false;
      usedBy.set(at, one);
      return true;
    });
  return asked.every((_one, index) => place(index, new Set()));
}

/** The same members with the same values, but for lists of rights that may be shorter. A list that is left out is not less. */
function isLess(asked: AuthorizationDetail, granted: AuthorizationDetail): boolean {
  const names = Object.keys(granted);
  if (names.length !== Object.keys(asked).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(asked, name)) return false;
    const [part, whole] = [asked[name], granted[name]];
    if (isDeepStrictEqual(part, whole)) return true;
    if (!RIGHTS.includes(name) || !Array.isArray(part) || !Array.isArray(whole)) return false;
    return part.length > 0 && new Set(part).size === part.length && part.every((one) => whole.includes(one));
  });
}
