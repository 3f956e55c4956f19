// The beginning of a story that tests tell: Aiya has asked Ada.
import type { TraceEvent } from 'assent/contract';

export const STORY_AT = '2030-01-01T12:00:00.000Z';

/** Of each event of the story. */
export const ABOUT_R1 = { approval: 'apr_1', name: 'r1', at: STORY_AT } as const;

export const ASKED: Extract<TraceEvent, { type: 'request.received' }> = {
  type: 'request.received',
  number: 1,
  ...ABOUT_R1,
  client_id: 'aiya',
  client_name: 'Aiya',
  user_id: 'auth0|ada',
  user_name: 'Ada',
  binding_message: 'RENT-4K9',
  scope: ['openid'],
  consent: { who: 'Aiya', summary: 'Pay', sections: [], sources: [] } as never,
  expires_in: 300,
  interval: 5,
  channel: 'guardian-push',
};
