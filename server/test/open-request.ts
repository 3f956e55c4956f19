import type { OpenRequest } from '../src/approvals/approvals-ports.ts';

/** A request as it comes to the heart, open for five minutes. */
export const OPEN_REQUEST: OpenRequest = {
  authReqId: 'a-request',
  clientId: 'aiya',
  clientName: 'Aiya',
  userId: 'auth0|ada',
  userName: 'Ada Lovelace',
  bindingMessage: 'RENT-4K9',
  scope: ['openid'],
  consent: { who: 'Aiya', what: 'Know who you are', summary: 'Know who you are', sections: [] },
  channel: 'guardian-push',
  expiresInSeconds: 300,
  intervalSeconds: 5,
};
