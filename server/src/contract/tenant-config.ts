// The tenant file: one schema gives the types, defaults, descriptions, editor schema and reference page.
// Member names are those of Auth0's Management API and of the OAuth specifications, so that a fragment
// can be pasted either way. Unknown members are errors: a misspelt setting must never be ignored in silence.
import { z } from 'zod';
import { emailSchema } from './email-config.ts';
import { ruleSchema } from './rules.ts';
import { clientGrantSchema, resourceServerSchema } from './tenant-apis.ts';
import { cibaSchema } from './tenant-ciba.ts';
import { clientSchema, connectionSchema, DATABASE_CONNECTION } from './tenant-clients.ts';
import { mtlsSchema } from './tenant-mtls.ts';
import { roleSchema, userSchema } from './tenant-people.ts';
import { seconds, unimitatedSchema } from './tenant-pieces.ts';
import { registrationSchema, standardTenantMembers } from './tenant-standard.ts';

const unimitatedFactor = z.boolean().default(false);

const privateJwkSchema = z
  .looseObject({ kty: z.string(), kid: z.string().min(1), alg: z.string().optional() })
  .describe('A private JSON Web Key (RFC 7517).');

export const tenantConfigSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    tenant: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens')
          .default('tenant'),
        friendly_name: z.string().optional().describe('Shown on the login page.'),
        default_audience: z.string().optional().describe('Audience of a request that names none.'),
        resource_parameter_profile: z
          .enum(['audience', 'compatibility'])
          .default('audience')
          .describe('`compatibility` also reads `resource`; `audience` wins.'),
        session_lifetime: seconds('Lifetime of a login session.', 259_200),
        allow_signup: z.boolean().default(true).describe('Offer sign-up on the login page.'),
        ...standardTenantMembers,
        unimitated: unimitatedSchema,
      })
      .prefault({}),
    clients: z.array(clientSchema).default([]),
    resource_servers: z.array(resourceServerSchema).default([]),
    client_grants: z.array(clientGrantSchema).default([]),
    connections: z.array(connectionSchema).prefault([{ name: DATABASE_CONNECTION }]),
    roles: z.array(roleSchema).default([]),
    users: z.array(userSchema).default([]),
    guardian: z
      .strictObject({
        factors: z
          .strictObject({
            'push-notification': z.boolean().default(true),
            email: z.boolean().default(true),
            'webauthn-platform': z
              .boolean()
              .default(false)
              .describe(
                'Approving in the app asks for a passkey of the device itself: its screen lock, fingerprint or face.',
              ),
            'webauthn-roaming': z
              .boolean()
              .default(false)
              .describe(
                'The same by a security key or another device. With both on, any passkey will do. Needs an issuer with a host name: browsers know no passkeys for an IP address.',
              ),
            sms: unimitatedFactor,
            otp: unimitatedFactor,
            duo: unimitatedFactor,
            'recovery-code': unimitatedFactor,
          })
          .prefault({})
          .describe(
            '`push-notification` and `email` are ways to reach a person; off means that no request can use it. The two of WebAuthn verify who approves in the app. Denying never asks for one. Nor do other ways to answer: the link of an e-mail asks for a login, a Guardian app does its own verifying, and the command line and the control API are for tests. The other factors are kept, and nothing here acts on them.',
          ),
        consumer: z
          .enum(['custom-app', 'guardian-app'])
          .default('custom-app')
          .describe('`guardian-app` allows one object in Auth0’s schema; `custom-app` up to five.'),
        quick_actions: z
          .boolean()
          .default(false)
          .describe(
            'Offer Approve and Deny on the notification itself, where its words say all that is asked. Where a passkey is asked for, Deny alone. Not of Auth0.',
          ),
        push_services: z
          .array(
            z
              .string()
              .regex(
                /^(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/,
                'expected a host, with a port where it is not 443: "push.example", "push.test:8443", "*.push.example"',
              ),
          )
          .default([])
          .describe(
            'Hosts of push services beside those of Chromium, Firefox, Safari and Edge, such as one of your own. By https.',
          ),
      })
      .prefault({}),
    ciba: cibaSchema.prefault({}),
    rules: z
      .array(ruleSchema)
      .max(1_000)
      .default([])
      .describe(
        'By which people answer without anybody deciding. The first one that matches a request takes it.',
      ),
    seed: z
      .union([z.string().min(1).max(200), z.int()])
      .default('assent')
      .describe(
        'What chance is drawn from, such as the `probability` of a rule. The same seed draws the same again.',
      ),
    registration: registrationSchema.prefault({}),
    mtls: mtlsSchema.prefault({}),
    email: emailSchema.prefault({}),
    signing_keys: z
      .array(privateJwkSchema)
      .default([])
      .describe(
        'Fixed keys: RSA (RS256, PS256), EC P-256 (ES256) and OKP Ed25519 (EdDSA). The first one of a kind signs; all are published, so what another one signed stays good. Of a kind that is not here, one is made and kept in the data folder. Without a client in the profile `standard` or an API that is signed otherwise, RSA alone counts.',
      ),
    extra_host_names: z
      .array(z.string())
      .default([])
      .describe('Further names for the certificate, such as a container’s network alias.'),
    unimitated: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'Resources of the Management API that nothing here acts on, by path, such as `prompts/customized-consent/partials`.',
      ),
  })
  .describe('One Assent tenant.');

/** Lists of things with a name: how two descriptions of the same thing are recognised. */
export const TENANT_LIST_NAMES: Readonly<Record<string, readonly string[]>> = {
  clients: ['client_id'],
  resource_servers: ['identifier'],
  client_grants: ['client_id', 'audience', 'subject_type'],
  roles: ['name'],
  users: ['user_id'],
  connections: ['name'],
};

export type TenantConfig = z.output<typeof tenantConfigSchema>;
export type TenantConfigInput = z.input<typeof tenantConfigSchema>;
export type GuardianFactor = keyof TenantConfig['guardian']['factors'];
