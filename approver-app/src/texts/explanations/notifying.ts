// The way to the approver: a push, an open page, an e-mail; and what the device then fetches by itself.
import type { Explanation } from './explanation.ts';

export const notifying = {
  'push-sent': {
    why: 'The person looks elsewhere, so something has to call them. The push service of the browser or the telephone is the only one that may wake a device. It is a stranger to this request, so it carries a pointer and nothing that could be approved or read on the way.',
    failure:
      'A gone subscription is answered `404` or `410` and is forgotten. Other failures are tried again. The agent notices nothing of it: it goes on polling, and gets `access_denied` when the time is over.',
    written: [
      {
        document: 'RFC 8030',
        section: '5',
        says: 'The server asks the push service to deliver a message to a subscription; `201` says that it was taken, not that it arrived.',
      },
      {
        document: 'RFC 8030',
        section: '5.4',
        says: 'A topic lets a newer message replace an older one about the same request.',
      },
      {
        document: 'RFC 8291',
        section: '2',
        says: 'The content is encrypted for the device; the push service cannot read it.',
      },
      {
        document: 'RFC 8292',
        section: '2',
        says: 'The server signs each message, so nobody else can push to this subscription.',
      },
    ],
    auth0: [
      {
        basis: 'source',
        says: 'Guardian’s push holds the address, the transaction token and a challenge; message, scope and details are fetched from the consent API.',
      },
      { basis: 'documented', says: 'At most five requests a minute are accepted for one person.' },
    ],
  },
  'push-received': {
    why: 'Taken by a push service is not the same as received: the device may be off, or in a tunnel. Only the device can say that it has the message.',
    failure:
      'The message waits at the push service for as long as its time to live, then it is dropped in silence. The request is still there when the person opens the app.',
    written: [
      {
        document: 'RFC 8030',
        section: '6',
        says: 'How a device receives messages, and acknowledges each of them.',
      },
      {
        document: 'RFC 8030',
        section: '7.2',
        says: 'A message whose time to live is over is not delivered any more.',
      },
    ],
    auth0: [
      {
        basis: 'reported',
        says: 'Deliveries get lost on some networks, and there is no way to send one again for CIBA.',
      },
    ],
  },
  'inbox-told': {
    why: 'A page that is open needs no push service: it keeps a connection to the server and learns of the request at once. It is quicker, and it works without the internet.',
    failure:
      'If the connection breaks, the page reconnects and asks for what it missed. A device that is not watching is pushed to instead.',
    written: [
      {
        document: 'CIBA Core',
        section: '8',
        says: 'How the server reaches the person is its own affair; the specification leaves it open.',
      },
    ],
    auth0: [
      {
        basis: 'assumed',
        says: 'Auth0 has no such channel: it always pushes. Assent says `inbox`, so that nobody mistakes it for one of Auth0’s.',
      },
    ],
  },
  'email-sent': {
    why: 'A question that may wait for days does not need to wake anybody. The link opens a page on the authorization server, where the person logs in: owning the mailbox alone approves nothing.',
    failure:
      'The request fails at once, `invalid_request`, if the address is not verified or no channel for e-mail is set. A mail that is lost later is noticed by nobody until the request expires: `access_denied`.',
    written: [
      {
        document: 'CIBA Core',
        section: '8',
        says: 'The server may use any means to get the consent of the person.',
      },
      {
        document: 'RFC 9110',
        section: '9.2.1',
        says: 'Opening a link must not decide anything: `GET` is safe, and mail programs open links by themselves.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'From 301 seconds to 72 hours the request goes by e-mail, to a verified address only.',
      },
      {
        basis: 'documented',
        says: 'The link is `/bc-verify?consent=…`; whoever logs in must be the person of the `login_hint`.',
      },
    ],
  },
  'notification-failed': {
    why: 'A failed notification belongs to the story, because for the agent it looks the same as a person who does not answer.',
    failure:
      'This is the failure. The request stays open: it can be answered wherever the person finds it, and it ends with `access_denied` when its time is over.',
    written: [
      {
        document: 'RFC 8030',
        section: '7.3',
        says: 'A subscription that is gone is answered with `404` or `410`; the server must forget it.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'The tenant log tells of it: `gd_send_pn_failure` for a push, `fn` for an e-mail. The agent is not told.',
      },
    ],
  },
  'details-read': {
    why: 'The push carried a pointer only, so the device fetches the question over a connection of its own, from the server itself. It proves with its key that it is the device that was enrolled.',
    failure:
      'Without the right key, or when the time is over, the server answers `401` and shows nothing; for a consent of another request `404`. The person cannot approve what was not shown.',
    written: [
      {
        document: 'RFC 9449',
        section: '4',
        says: 'A proof is a small JWT, signed by the caller’s key, for one method and one address. Guardian’s way follows this idea.',
      },
    ],
    auth0: [
      {
        basis: 'source',
        says: '`GET /rich-consents/{id}` with `Authorization: MFA-DPoP` and a proof in the header `MFA-DPoP`.',
      },
      {
        basis: 'documented',
        says: 'The consent record has the audience, the scope, the binding message and the details.',
      },
    ],
  },
  'details-shown': {
    why: 'What the person sees comes from the server and not from the agent. Whatever a prompt has made the agent say, it is these details that are shown, approved and put into the token.',
    failure: 'If the answer does not arrive there is nothing to approve; the app says so and tries again.',
    written: [
      {
        document: 'RFC 9396',
        section: '3',
        says: 'The server asks the person for consent to the details, and must understand their type to show them.',
      },
      {
        document: 'CIBA Core',
        section: '7.1',
        says: 'The binding message is shown on both devices, so that the person can tell that they belong together.',
      },
    ],
    auth0: [
      {
        basis: 'documented',
        says: 'The Guardian app shows exactly one object, of Auth0’s own schema; an app with the Guardian SDK can show up to five of any type.',
      },
    ],
  },
} satisfies Record<string, Explanation>;
