// The token, and what an API does with it. This is where an approval becomes worth something, once.
import type { Explanation } from './explanation.ts';

export const redeeming = {
  tokens: {
    why: 'The token carries the answer to whoever has to act on it. It names the person, the client, the API and, in `authorization_details`, exactly what was approved, and the server signs all of it. The reference is used up with it.',
    failure:
      'A second poll with the same reference is `invalid_grant`. A token whose details were not those that were approved would be a fault of the server; this step says so if they differ.',
    written: [
      {
        document: 'CIBA Core',
        section: '10.1.1',
        says: 'The answer: an access token, an ID token, and a refresh token where one was asked for.',
      },
      { document: 'RFC 9396', section: '7', says: 'The answer states the details that were granted.' },
      {
        document: 'RFC 9396',
        section: '9.1',
        says: 'A JWT carries them in the claim `authorization_details`.',
      },
      { document: 'RFC 9068', section: '2.2', says: 'Which claims an access token has as a JWT.' },
    ],
    auth0: [
      {
        basis: 'documented',
        says: '`authorization_details` comes as a real array, in the answer and in the access token, as it was asked for.',
      },
      {
        basis: 'documented',
        says: 'By default the client is in `azp` and there is no `jti`; the RFC 9068 profile has `client_id`, `jti` and the type `at+jwt`.',
      },
      { basis: 'documented', says: 'With `openid` the audience is a list: the API and `/userinfo`.' },
    ],
  },
  'token-asked': {
    why: 'The token endpoint serves every grant. This request is of none of the waiting ones, so it stands by itself.',
    failure: 'See the answer below it: the error says which part was wrong.',
    written: [
      { document: 'RFC 6749', section: '3.2', says: 'The token endpoint and the authentication of clients.' },
    ],
    auth0: [
      { basis: 'documented', says: 'Form or JSON, with the credentials in the header or in the body.' },
    ],
  },
  'token-refused': {
    why: 'A token is given for something that the server can check: a decision, a code, a secret. Here something was missing or not allowed, so there is no token.',
    failure:
      'This is the failure. `invalid_grant`: the reference is unknown, used up, or was given to another client. `unauthorized_client`: the client may not use this grant at all. `invalid_target`: there is no such API, or the client has no grant for it.',
    written: [
      { document: 'RFC 6749', section: '5.2', says: 'The errors of the token endpoint.' },
      { document: 'CIBA Core', section: '11', says: 'Those that CIBA adds.' },
    ],
    auth0: [
      {
        basis: 'recorded',
        says: 'A wrong secret is `401` `access_denied`, *Unauthorized*, where the specification says `invalid_client`.',
      },
    ],
  },
  'api-called': {
    why: 'The agent shows the token to the API, with the action it wants to take. The API has never heard of the conversation; the token is all it goes by.',
    failure:
      'No token is `401`, one that is not good is `401` `invalid_token`, one that allows too little is `403`.',
    written: [
      { document: 'RFC 6750', section: '2.1', says: 'The token goes into the `Authorization` header.' },
      { document: 'RFC 9396', section: '9', says: 'The API decides by the details in the token.' },
    ],
    auth0: [
      { basis: 'documented', says: 'The audience must be the identifier of the API, letter by letter.' },
    ],
  },
  'api-answered': {
    why: 'Every check has passed: the signature, the issuer, the audience, the time, the scope, and that the action is the one that was approved. Only now something happens.',
    failure:
      'Each check that is left out lets something through: without the audience, tokens of other APIs; without the details, another amount to another payee.',
    written: [
      { document: 'RFC 9068', section: '4', says: 'What an API checks of a JWT before it trusts it.' },
      { document: 'RFC 9396', section: '9', says: 'It compares the details with what it is asked to do.' },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'Auth0 does not look into the details; comparing them is the work of the API.',
      },
    ],
  },
  'api-refused': {
    why: 'The API decides by the `authorization_details` in the token and not by what the caller says. A genuine token for one payment is not good for another.',
    failure:
      'This is the failure, and the gate working. With scopes alone a token that may pay could pay anything to anybody.',
    written: [
      {
        document: 'RFC 9396',
        section: '9',
        says: 'The API grants what the details allow, and nothing beside it.',
      },
      {
        document: 'RFC 6750',
        section: '3.1',
        says: '`invalid_token` is `401`, `insufficient_scope` is `403`.',
      },
      { document: 'RFC 9700', section: '2.3', says: 'A token should allow as little as the task needs.' },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'The content of the details is checked neither when they are asked for nor when the token is issued, beyond their type and size.',
      },
    ],
  },
  attack: {
    why: 'Somebody tried to get the action without the approval. Every way leads through a check that the agent does not control; the step says which one stopped it.',
    failure: 'If nothing had stopped it, the gate would have a hole: this is what the attempt is drawn for.',
    written: [
      { document: 'CIBA Core', section: '14', says: 'Security considerations of the flow.' },
      {
        document: 'RFC 9700',
        section: '2',
        says: 'Best current practice for what tokens may do, and for whom.',
      },
      { document: 'RFC 9110', section: '9.2.1', says: 'Nothing is approved by a `GET`.' },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'CIBA neither reads nor writes stored consent: an earlier approval is of no use to an attacker.',
      },
    ],
  },
} satisfies Record<string, Explanation>;
