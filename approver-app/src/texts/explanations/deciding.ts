// The person decides. The answer travels from their device to the server, past the agent, and counts once.
import type { Explanation } from './explanation.ts';

export const deciding = {
  approved: {
    why: 'The decision travels from the device straight to the authorization server. It never passes through the agent, so no prompt given to the agent can forge it. The device signs it with the key it was enrolled with, over the challenge of exactly this request.',
    failure:
      'A signature of another key, another challenge or an expired request is refused, and the request stays as it was. Without any answer the agent gets `access_denied` when the time is over: the same as for a denial.',
    written: [
      {
        document: 'CIBA Core',
        section: '8',
        says: 'The server gets the consent of the person on their own device.',
      },
      { document: 'RFC 7515', section: '5.2', says: 'How the signature of the answer is validated.' },
    ],
    auth0: [
      {
        basis: 'source',
        says: 'Guardian posts `resolve-transaction` with a JWT, signed by the device, that holds the challenge, the method `push`, and accepted or not.',
      },
      {
        basis: 'documented',
        says: 'Each request needs an answer of its own; consent that was given before is never used for it.',
      },
    ],
  },
  denied: {
    why: 'No is an answer too, and must be as easy as yes. It ends the waiting at once, where silence would last until the request expires. A reason stays with the person and the tenant’s log.',
    failure:
      'A denial that does not arrive becomes an expiry. For the agent both are the same `access_denied`.',
    written: [{ document: 'CIBA Core', section: '11', says: '`access_denied`: the person said no.' }],
    auth0: [
      { basis: 'documented', says: 'A denial is not told apart from an expiry at the token endpoint.' },
      {
        basis: 'documented',
        says: 'The tenant log has `gd_auth_rejected` for the answer and `ciba_exchange_failed` for the poll after it.',
      },
    ],
  },
  'decision-taken': {
    why: 'The server has checked who answered, that they saw what is asked, and that nobody answered before. From here on the decision stands; the next poll of the agent gets it.',
    failure:
      'If this answer is lost on the way back, the decision stands all the same. The device asks and shows what was decided.',
    written: [
      {
        document: 'CIBA Core',
        section: '8',
        says: 'The server records the result for the client to collect.',
      },
    ],
    auth0: [{ basis: 'source', says: '`204` without a body; the apps take it as done.' }],
  },
  'decision-late': {
    why: 'Two devices may show the same question, and people press twice. The second answer is a fact of the story, so it is drawn even though it changes nothing.',
    failure: 'It is meant to fail: see the answer below it.',
    written: [
      {
        document: 'CIBA Core',
        section: '14',
        says: 'What a server has to guard against when the person and the client are on different devices.',
      },
    ],
    auth0: [
      {
        basis: 'source',
        says: 'A transaction can be resolved once; the apps treat a refused answer as one that somebody else gave.',
      },
    ],
  },
  'decision-refused': {
    why: 'One question has one answer. Whoever answers late, answers for something that was changed, or cannot be verified, must not undo what stands.',
    failure:
      'If this check were missing, the last tap would win, or a changed amount would be approved by an answer to the old one.',
    written: [
      {
        document: 'CIBA Core',
        section: '14',
        says: 'The consent has to be that of the person who was asked, for what was asked.',
      },
    ],
    auth0: [
      {
        basis: 'assumed',
        says: 'What the endpoint says to a second answer is not public. Assent refuses it, and the first one stands.',
      },
    ],
  },
} satisfies Record<string, Explanation>;
