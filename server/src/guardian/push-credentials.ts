// Where a Guardian device can be reached. Real APNs and FCM tokens reach nobody from here; a device that listens to the
// embedded push service states its subscription there, as JSON, in place of the token.
import { z } from 'zod';
import { pushSubscriptionSchema } from '../contract/index.ts';
import type { EnrolledDevice } from '../tenant/index.ts';

export const pushCredentialsSchema = z.object({
  service: z.enum(['APNS', 'GCM', 'WEBPUSH']),
  token: z.string().min(1).max(4096),
});

export function pushOf(credentials: z.output<typeof pushCredentialsSchema>): EnrolledDevice['push'] {
  const subscription = pushSubscriptionSchema.safeParse(parseJson(credentials.token));
  return subscription.success ? { state: 'web-push', subscription: subscription.data } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
