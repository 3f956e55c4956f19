// docs/reference/profiles.md: how the two profiles differ, out of the table that the server goes by.
import { DIFFERENCES } from '../../src/oauth/profile-differences.ts';
import { formatTable } from './schema-tables.ts';

export function writeProfilesPage(): string {
  return [
    '# Profiles',
    '',
    'A tenant answers as Auth0 does (`auth0`) or as the specifications say (`standard`). `tenant.profile` decides, and a client may',
    'differ by `clients[].profile`: both kinds live side by side at the same addresses. Discovery follows the tenant. What is not in',
    'this table is the same in both.',
    '',
    formatTable(
      ['', '`auth0`', '`standard`', 'Source'],
      Object.values(DIFFERENCES).map(({ about, auth0, standard, source }) => [
        about,
        auth0,
        standard,
        source,
      ]),
    ),
    '',
    'FAPI-CIBA is a restriction of one client in the profile `standard`: `fapi_ciba: true`. Such a client signs its requests with',
    'PS256 or ES256, proves itself by `private_key_jwt` or a certificate, gets tokens bound to it, and is not pushed any.',
  ].join('\n');
}
