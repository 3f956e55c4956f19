// docs/reference/management-api.md: every route of the Management API as it is mounted, with the scopes that open it and the
// members that are only kept.
import { MANAGEMENT_PATH } from '../../src/contract/index.ts';
import { MANAGEMENT_ROUTES } from '../../src/management/management.ts';
import type { ManagementRoute } from '../../src/management/management-call.ts';
import { formatTable } from './schema-tables.ts';

const INTRODUCTION = `# Management API

Below \`${MANAGEMENT_PATH}\`, with the paths, members and errors of Auth0’s Management API v2, for its SDKs, its deploy tool and its Terraform provider. A call needs an access token: client credentials for the audience \`https://HOST${MANAGEMENT_PATH}/\`, by a client with a [client grant](configuration.md) for that API. The bank’s client \`administrator\` has one for all scopes.

A change is checked like a tenant file and holds at once; what is refused leaves the tenant as it was. Refusals have four members, \`statusCode\`, \`error\`, \`message\` and \`errorCode\`. Lists come bare, by \`page\`, \`per_page\` and \`include_totals\`, or by \`from\` and \`take\`; \`fields\` and \`include_fields\` choose members. \`q\` understands \`field:value\`, AND, OR, NOT, parentheses, stars and ranges.

Some scopes open a part. What a client proves itself with, \`client_secret\`, \`client_authentication_methods\` and \`encryption_key\`, is shown with \`read:client_keys\` or \`read:client_credentials\`, and to whoever creates the client or holds \`update:client_keys\` and changes it; only the latter may set a secret. \`update:users_app_metadata\` changes \`app_metadata\` alone.

What is not in the tables answers 404 and says so.`;

export function writeManagementPage(): string {
  const sections = Map.groupBy(MANAGEMENT_ROUTES, ({ path }) => path.split('/')[1] ?? '');
  const kept = [...sections].flatMap(([name, routes]) => listKept(name, routes));
  return [
    INTRODUCTION,
    '## Routes',
    ...[...sections].flatMap(([name, routes]) => [
      `### ${name}`,
      formatTable(
        ['Route', 'Does', 'Scope, one of'],
        routes.map(({ method, path, purpose, scopes }) => [
          `\`${method} ${path}\``,
          purpose,
          scopes.map((scope) => `\`${scope}\``).join(', '),
        ]),
      ),
    ]),
    '## Kept without effect',
    'Nothing here acts on these members. They are checked, kept in the tenant file and given back, so that a tool finds what it wrote.',
    formatTable(['Written at', 'Members'], kept),
  ].join('\n\n');
}

/** One row per path, since what may be created may be changed. */
function listKept(name: string, routes: readonly ManagementRoute[]): string[][] {
  const rows = new Map<string, string>();
  for (const { method, path, kept } of routes) {
    if (kept === undefined) continue;
    const members =
      kept === 'everything' ? 'everything' : kept.map((member) => showMember(member)).join(', ');
    const paths = [rows.get(members), `\`${method} ${path}\``].filter((one) => one !== undefined);
    rows.set(members, paths.join(', '));
  }
  return [...rows].map(([members, paths]) => [paths || name, members]);
}

/** Names are code, and a phrase stays one. */
function showMember(member: string): string {
  return /^[\w.]+$/.test(member) ? `\`${member}\`` : member;
}
