// People in the tenant file: who can be asked, their devices, and the roles they have.
import { z } from 'zod';
import { unimitatedSchema } from './tenant-pieces.ts';

export const configuredDeviceSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^dev_[A-Za-z0-9]{16}$/, 'expected "dev_" and 16 letters or digits')
      .describe('Enrolment id.'),
    name: z.string().min(1).describe('What the device is called in lists.'),
    status: z.enum(['pending', 'confirmed']).default('confirmed'),
  })
  .describe('A device that is enrolled from the start. It has no key: it counts, but cannot answer.');

export const userSchema = z
  .strictObject({
    user_id: z
      .string()
      .regex(/^[^|\s]+\|\S+$/, 'expected a provider, "|" and an id, such as "auth0|ada"')
      .describe('The `sub` of every token.'),
    name: z.string().min(1),
    nickname: z.string().optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    picture: z.string().optional(),
    email: z.string().optional(),
    email_verified: z.boolean().default(true),
    phone_number: z.string().optional(),
    blocked: z.boolean().default(false).describe('Cannot log in, and nobody can ask for their approval.'),
    password: z
      .string()
      .optional()
      .describe('For the password form of the login page. In clear, since nothing here is secret.'),
    user_code: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'expected 1 to 64 visible ASCII characters')
      .optional()
      .describe(
        'A code that protects this person from being asked by just anybody: clients with `backchannel_user_code_parameter` must send it, and all that have registered themselves. Profile `standard`.',
      ),
    permissions: z
      .array(z.strictObject({ audience: z.string(), scopes: z.array(z.string()) }))
      .default([])
      .describe('Permissions that RBAC intersects with.'),
    roles: z.array(z.string()).default([]).describe('Names of roles from `roles`.'),
    devices: z.array(configuredDeviceSchema).default([]),
    connection: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What the Management API shows as the source of this person. Left out, it follows from `user_id`.',
      ),
    user_metadata: z.record(z.string(), z.unknown()).optional(),
    app_metadata: z.record(z.string(), z.unknown()).optional(),
    created_at: z.iso.datetime().optional().describe('Left out: when the server started.'),
    updated_at: z.iso.datetime().optional().describe('Left out: as `created_at`.'),
    unimitated: unimitatedSchema,
  })
  .describe('A person.');

export const roleSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  permissions: z.array(z.strictObject({ audience: z.string(), scopes: z.array(z.string()) })),
  id: z
    .string()
    .regex(/^rol_[A-Za-z0-9]{16}$/, 'expected "rol_" and 16 letters or digits')
    .optional()
    .describe('Id in the Management API. Left out, one is derived from the name.'),
});

/** Shortest password that signing up and the Management API take. */
export const SHORTEST_PASSWORD = 8;

export type UserConfig = z.output<typeof userSchema>;
export type RoleConfig = z.output<typeof roleSchema>;
