// The server calls the agent: a ping that there is an answer, or the answer itself.
import type { Explanation } from './explanation.ts';

const NOT_OF_AUTH0 = [
  { basis: 'documented', says: 'Auth0 lets clients poll and calls nobody back.' },
] as const satisfies Explanation['auth0'];

export const callingBack = {
  pinged: {
    why: 'Asking again and again costs both sides something and still comes late. An agent that has an address is called once instead. The ping says nothing but the reference, so nobody who reads it learns the answer; the agent fetches that at the token endpoint, where it proves who it is.',
    failure:
      'A ping that is lost loses nothing: the answer waits at the token endpoint, and the agent may poll all the same. A ping whose token is not the one that the agent sent with its question is not from the server.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.2',
        says: 'The server posts `auth_req_id` to the notification endpoint, with `client_notification_token` as a bearer token, over TLS.',
      },
      {
        document: 'CIBA Core',
        section: '7.1',
        says: 'The agent makes that token for each question and sends it along: at most 1024 characters.',
      },
    ],
    auth0: NOT_OF_AUTH0,
  },
  'tokens-pushed': {
    why: 'The agent gets everything in one call and never asks. Since nobody proves anything at the token endpoint, the ID token ties the parts together: hashes of both tokens, and the reference of this very question.',
    failure:
      'A server that sent the tokens twice would hand out two sets; here they are made once, and the same ones are sent again if nobody took them. An agent must check the hashes and the reference before it believes the call.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.3.1',
        says: 'The answer of the token endpoint with `auth_req_id`; in the ID token `at_hash`, the hash of a refresh token, and the reference.',
      },
      {
        document: 'CIBA Core',
        section: '11',
        says: 'A client that has its tokens pushed may not come for them: `unauthorized_client`.',
      },
    ],
    auth0: NOT_OF_AUTH0,
  },
  'error-pushed': {
    why: 'An agent that never asks must be told also when nothing will come, or it would wait for ever.',
    failure:
      'This is the failure: `access_denied` if the person said no, `expired_token` if nobody answered in time, `transaction_failed` for everything that went wrong inside.',
    written: [
      {
        document: 'CIBA Core',
        section: '12',
        says: 'The errors that are pushed, with `auth_req_id` and the same bearer token.',
      },
    ],
    auth0: NOT_OF_AUTH0,
  },
  'callback-taken': {
    why: 'The server has to know whether it must call again.',
    failure: 'An agent that answers nothing is called again, later each time, until the server gives up.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.2',
        says: '`204` without content; a server should take `200` as well, and ignores what comes with it.',
      },
    ],
    auth0: NOT_OF_AUTH0,
  },
  'callback-refused': {
    why: 'Not every answer means that the call was taken. An error of the agent’s server passes; one that says that the token is wrong does not.',
    failure:
      'After `401` and `403` nothing is sent again, and a redirection is never followed: it could lead the token of the agent anywhere. What a ping told of can still be fetched; what was pushed is lost to the agent.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.2',
        says: 'No redirection is followed; how a server deals with errors is its own affair.',
      },
    ],
    auth0: NOT_OF_AUTH0,
  },
  'callback-failed': {
    why: 'The address of an agent is somebody else’s computer: it may be away, slow, or show a certificate that nobody vouches for. Addresses inside the network of the server are not called at all unless they were named.',
    failure:
      'The person notices nothing, and no answer is lost. The server tries again, later each time, and then gives up.',
    written: [
      { document: 'CIBA Core', section: '9', says: 'Notifications travel over TLS.' },
      { document: 'CIBA Core', section: '10.2', says: 'The ping, and what may be answered to it.' },
    ],
    auth0: NOT_OF_AUTH0,
  },
} satisfies Record<string, Explanation>;
