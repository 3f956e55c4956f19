// The agent asks the authorization server for approval, and learns whether anybody is asked.
import type { Explanation } from './explanation.ts';

export const asking = {
  ask: {
    why: 'The agent cannot ask the person itself: it has no screen of theirs, and nobody should believe what it says about them. So it asks the server, which knows the person and their device. `login_hint` says who, `binding_message` is the code that both screens show, and `authorization_details` is the question itself, in a form that machines can compare.',
    failure:
      'Nobody is asked. A wrong secret is answered `401`, a client without the grant `403` `unauthorized_client`, an unknown person `unknown_user_id`, and a parameter that is missing or malformed `invalid_request`, each at once.',
    written: [
      {
        document: 'CIBA Core',
        section: '7.1',
        says: 'What the request carries; `openid` in the scope and exactly one hint about the person are required.',
      },
      {
        document: 'CIBA Core',
        section: '7.2',
        says: 'The server authenticates the client before it looks at anything else.',
      },
      {
        document: 'RFC 9396',
        section: '2',
        says: '`authorization_details` is a JSON array of objects, each with a `type`.',
      },
      { document: 'RFC 6749', section: '2.3', says: 'How a confidential client proves who it is.' },
    ],
    auth0: [
      {
        basis: 'documented',
        says: '`login_hint` must be JSON with `format` `iss_sub`, the issuer with its last slash, and the whole user id.',
      },
      {
        basis: 'documented',
        says: '`binding_message` is required, has at most 64 characters, and only letters, digits, white space and `+-_.,:#`.',
      },
      {
        basis: 'documented',
        says: '`requested_expiry` chooses the channel as well: up to 300 seconds is a push, more is an e-mail.',
      },
    ],
  },
  'ask-answered': {
    why: 'A person needs minutes, and an HTTP connection should not. `auth_req_id` is the agent’s claim ticket: it says nothing about the answer and is good for one token at most. `interval` keeps the waiting polite, `expires_in` keeps it short.',
    failure:
      'Without the reference the agent has nothing to ask for, and must begin again. Whoever else gets hold of it still needs the secret of the client; anybody else’s attempt is `invalid_grant`.',
    written: [
      {
        document: 'CIBA Core',
        section: '7.3',
        says: '`auth_req_id`, `expires_in`, and `interval`, which is five seconds where nothing is said.',
      },
      { document: 'CIBA Core', section: '7.4', says: 'What the client checks before it begins to wait.' },
    ],
    auth0: [
      {
        basis: 'recorded',
        says: 'Only the poll mode exists; `expires_in` is 300 and `interval` is 5 unless something else was asked for.',
      },
      {
        basis: 'source',
        says: 'SDKs that are built on openid-client accept exactly `200`, and need `interval` as a number.',
      },
    ],
  },
  'ask-refused': {
    why: 'Everything that can be known to be wrong is said now, to the program, and not later, to the person. So a person is never woken for a request that could not have been granted.',
    failure:
      'This is the failure: no request exists, nothing was sent to anybody, and there is nothing to poll for. The hint in the trace says what to change.',
    written: [
      {
        document: 'CIBA Core',
        section: '13',
        says: 'The errors of this endpoint, among them `unknown_user_id`, `invalid_binding_message` and `unauthorized_client`.',
      },
      {
        document: 'RFC 9396',
        section: '5',
        says: 'Details of an unknown type, or with unknown members, are `invalid_authorization_details`.',
      },
      { document: 'RFC 6749', section: '5.2', says: 'The form of an error answer.' },
    ],
    auth0: [
      {
        basis: 'reported',
        says: 'A person without a confirmed device gives `invalid_request` and *No eligible notification channels were found*, with a reason for each channel.',
      },
      {
        basis: 'source',
        says: 'Auth0’s AI SDKs turn every `invalid_request` into “user has no push notifications”, whatever was wrong.',
      },
      {
        basis: 'recorded',
        says: 'An unknown person is `unknown_user_id`, *User ID is malformed or unknown*; a scope without `openid` is `invalid_request`.',
      },
    ],
  },
} satisfies Record<string, Explanation>;
