// What a push says, in the shapes in which the two SDKs of Guardian receive and parse it.
import { z } from 'zod';

export type Platform = 'ios' | 'android';

export interface GuardianPush {
  /** As it arrived: for iOS with `aps` and `mfa`, for Android a flat map of texts. */
  payload: Readonly<Record<string, unknown>>;
  /** `cns_…` */
  consentId: string;
  deviceId: string;
  host: string;
  startedAt: Date;
  /** Bearer of the answer and of the consent. A secret. */
  transactionToken: string;
  /** What the answer signs. A secret. */
  challenge: string;
}

const members = z.object({
  sh: z.string(),
  dai: z.string().startsWith('dev_'),
  txtkn: z.string(),
  c: z.string(),
  d: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  txlnkid: z.string().startsWith('cns_'),
});

const iosSchema = z.object({
  aps: z.object({
    // Without it the iOS SDK does not take the notification for its own.
    category: z.literal('com.auth0.notification.authentication'),
    alert: z.object({ title: z.string(), body: z.string() }),
  }),
  mfa: members,
});

/** @throws ZodError where the SDK of that platform would not understand it */
export function readPush(platform: Platform, text: string): GuardianPush {
  const payload = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const { sh, dai, txtkn, c, d, txlnkid } =
    platform === 'ios'
      ? iosSchema.parse(payload).mfa
      : z.record(z.string(), z.string()).pipe(members).parse(payload);
  return {
    payload,
    consentId: txlnkid,
    deviceId: dai,
    host: sh,
    startedAt: new Date(d),
    transactionToken: txtkn,
    challenge: c,
  };
}
