// What travels between a page and the server about passkeys: options for the browser and what the browser answers, as JSON.
// Names and shapes are those of WebAuthn Level 3 §5.1.8 to §5.1.10; members that nothing here reads are let through.
import { z } from 'zod';

const base64url = z.string().regex(/^[\w-]+$/, 'expected base64url without padding');

export const authenticatorAttachmentSchema = z.enum(['platform', 'cross-platform']);
export type AuthenticatorAttachment = z.output<typeof authenticatorAttachmentSchema>;

const authenticatorTransportSchema = z.enum([
  'ble',
  'cable',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
]);

/** POST /approver/devices/{id}/passkey/challenge (that device). What `navigator.credentials.create` is to be asked. */
export const passkeyCreationSchema = z.strictObject({
  challenge: base64url,
  rp: z.strictObject({ id: z.string(), name: z.string() }),
  user: z.strictObject({
    id: base64url.describe(
      'Names the device, so that another device of the same person has a passkey of its own.',
    ),
    name: z.string(),
    displayName: z.string(),
  }),
  pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int().describe('In milliseconds.'),
  attestation: z.literal('none'),
  authenticatorSelection: z.strictObject({
    authenticatorAttachment: authenticatorAttachmentSchema.exactOptional(),
    residentKey: z.literal('discouraged'),
    userVerification: z.literal('required'),
  }),
});
export type PasskeyCreation = z.output<typeof passkeyCreationSchema>;

/** PUT /approver/devices/{id}/passkey (that device): what the browser made. Answers the `Device`. */
export const passkeyRegistrationSchema = z.looseObject({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: base64url,
    attestationObject: base64url,
    // WebAuthn §5.8.4: there may be more of them some day, but no long ones.
    transports: z.array(z.string().max(64)).max(64).exactOptional(),
  }),
});
export type PasskeyRegistration = z.output<typeof passkeyRegistrationSchema>;

/** POST /approver/requests/{id}/challenge (device). What is about to be approved. */
export const passkeyChallengeRequestSchema = z.strictObject({
  consent_hash: z.string().describe('Of what the approver has read.'),
  granted_details: z
    .array(z.unknown())
    .optional()
    .describe('What is granted, where that is not all that was asked. The answer must say the same.'),
});

/** What `navigator.credentials.get` is to be asked. Good once, for this request, this device and this content. */
export const passkeyRequestSchema = z.strictObject({
  challenge: base64url,
  rpId: z.string(),
  timeout: z.int().describe('In milliseconds.'),
  userVerification: z.literal('required'),
  allowCredentials: z.array(
    z.strictObject({
      type: z.literal('public-key'),
      id: base64url,
      transports: z.array(authenticatorTransportSchema).exactOptional(),
    }),
  ),
});
export type PasskeyRequest = z.output<typeof passkeyRequestSchema>;

/** What the browser answered: an assertion, WebAuthn §7.2. */
export const passkeyAssertionSchema = z.looseObject({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
  }),
});
export type PasskeyAssertion = z.output<typeof passkeyAssertionSchema>;
