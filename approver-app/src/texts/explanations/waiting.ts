// The agent waits: it asks the token endpoint again and again, and is told to go on, to slow down, or that it is over.
import type { Explanation } from './explanation.ts';

export const waiting = {
  poll: {
    why: 'The agent may have no address at which it could be called, so it asks. It shows the reference and its own secret; neither of the two is worth anything alone.',
    failure:
      'An unknown reference, one that has been used, or one of another client is `invalid_grant`. A wrong secret is `401`. A poll that comes too soon is `slow_down`.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.1',
        says: '`grant_type` is `urn:openid:params:grant-type:ciba`, with the `auth_req_id`.',
      },
      {
        document: 'RFC 6749',
        section: '3.2',
        says: 'The token endpoint: by `POST`, with the client authenticated.',
      },
    ],
    auth0: [
      {
        basis: 'source',
        says: 'Some SDKs ask at once, so the first poll must never be too fast; others wait an interval first.',
      },
      {
        basis: 'source',
        says: 'auth0-python sends this request as JSON, everybody else as a form. Auth0 takes both.',
      },
    ],
  },
  'poll-pending': {
    why: 'An error by name, the normal case by nature: nobody has answered yet. OAuth has no status for “not yet”, so this is an error that every client expects. Waiting gives nothing away: pending looks the same whether the person was reached, is reading, or is away.',
    failure:
      'A client that takes this for a failure gives up too early. One that ignores `interval` is answered `slow_down` from then on.',
    written: [
      {
        document: 'CIBA Core',
        section: '11',
        says: '`authorization_pending`: the person has not decided; the client repeats the request after the interval.',
      },
      {
        document: 'RFC 6749',
        section: '5.2',
        says: 'Errors of the token endpoint are `400` with a JSON body.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: '`400`, `authorization_pending`, *The end-user authorization is pending*.',
      },
      {
        basis: 'source',
        says: 'The answer must have no `WWW-Authenticate` header, or SDKs on openid-client lose the error code.',
      },
    ],
  },
  'poll-too-fast': {
    why: 'A thousand waiting agents must not become a flood. Whoever asks too soon has to wait longer from now on.',
    failure:
      'A client that goes on at its own pace is told to slow down again and again, and may learn of the decision later than it could.',
    written: [
      {
        document: 'CIBA Core',
        section: '11',
        says: '`slow_down`: still pending, and the interval grows by at least five seconds for this and all later requests.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'The seconds to wait stand in `interval` of the body and in the header `Retry-After`; they grow while the client does not obey.',
      },
      { basis: 'assumed', says: 'By how much they grow is not written anywhere.' },
    ],
  },
  'poll-unread': {
    why: 'The server held this poll to answer it the moment somebody decides. The agent hung up before, so the answer had no reader.',
    failure:
      'Nothing is lost: a token is only used up by an answer that could be sent. The agent asks again.',
    written: [
      {
        document: 'CIBA Core',
        section: '7.3',
        says: 'The server may hold a poll; the interval is the least time between the end of one request and the next.',
      },
    ],
    auth0: [
      {
        basis: 'assumed',
        says: 'Auth0 answers at once and holds nothing. Assent holds polls only if the tenant says so.',
      },
    ],
  },
  'poll-refused': {
    why: 'The waiting is over, without a token. Denied and expired look alike on purpose: the agent learns that it may not, and not whether somebody said no.',
    failure:
      'This is the failure. `access_denied` is final for this reference; `invalid_grant` means that it is unknown, used up, or another client’s. To try again the agent has to ask again, and the person is asked again.',
    written: [
      {
        document: 'CIBA Core',
        section: '11',
        says: '`access_denied`, `expired_token` and `invalid_grant` end the waiting.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'Denial and expiry are one answer: `access_denied`, *The end-user denied the authorization request or it has been expired*. `expired_token` is not used.',
      },
      {
        basis: 'source',
        says: 'In Auth0’s AI SDKs the error can become the return value of the tool: a tool that does not look takes it for success.',
      },
    ],
  },
} satisfies Record<string, Explanation>;
