// CIBA Core 1.0 §7.1: the authentication request.
import { expect } from 'vitest';
import type { Parameters } from '../client/exchange.ts';
import { assertionFields } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  claimsOf,
  expectAccepted,
  expectBadCredentials,
  expectOneRefusal,
  expectRefusal,
  isRefused,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { ADA } from '../lab/people.ts';

const { requirement } = openChapter();

const ENDPOINT = 'backchannel_authentication_endpoint';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The basic request by an assertion with these claims. */
async function askAddressedTo(lab: Lab, aud: unknown) {
  const client = lab.client('jwt');
  return client.ask(assertionFields(await client.assertion({ aud })));
}

requirement('CIBA-7.1-01', async (lab) => {
  for (const name of ['agent', 'ping', 'push'].filter((one) => lab.names().includes(one))) {
    const answer = await lab.client(name).ask();
    expectAccepted(answer);
    expect(answer.json().expires_in).toEqual(expect.any(Number));
  }
});

requirement('CIBA-7.1-02', async (lab) => {
  await lab.nobodyIsAsked(async () => {
    const bare = await lab.provider.exchange.post(lab.provider.endpoint(ENDPOINT), {
      ...lab.client('agent').baseline(),
      client_id: lab.client('agent').clientId,
    });
    expectBadCredentials(lab, bare);
  });
});

requirement('CIBA-7.1-03', async (lab) => {
  for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
    expectBadCredentials(
      lab,
      await lab.client('jwt').with({ method, secret: 'a-secret-it-never-had' }).ask(),
    );
  }
  // Documented: a client that has a secret may send it either way.
  expectAccepted(await lab.client('basic').with({ method: 'client_secret_post' }).ask());
});

requirement('CIBA-7.1-04', async (lab) => {
  expectAccepted(await askAddressedTo(lab, lab.provider.issuer));
  expectAccepted(await askAddressedTo(lab, [lab.provider.issuer]));
});

const addressedToEndpoints = async (lab: Lab): Promise<void> => {
  expectAccepted(await askAddressedTo(lab, lab.provider.endpoint('token_endpoint')));
  expectAccepted(await askAddressedTo(lab, lab.provider.endpoint(ENDPOINT)));
};

requirement('CIBA-7.1-05', {
  standard: async (lab) => {
    await addressedToEndpoints(lab);
    // With a certificate it asks at the alias, and may name that.
    const client = lab.client('fapi');
    for (const name of ['token_endpoint', ENDPOINT]) {
      const aud = lab.provider.endpoint(name, { mtls: true });
      expect([name, aud]).not.toEqual([name, lab.provider.endpoint(name)]);
      const assertion = assertionFields(await client.assertion({ aud }));
      expectAccepted(await client.askByJwt(await client.signedRequest(), assertion));
    }
  },
  auth0: addressedToEndpoints,
});

requirement('CIBA-7.1-07', async (lab) => {
  expectBadCredentials(lab, await askAddressedTo(lab, 'https://other.example'));
});

const asJson = async (lab: Lab) => {
  const agent = lab.client('agent');
  const { fields } = await agent.credentials();
  return agent.exchange.send(agent.endpoint(ENDPOINT), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fields, ...agent.baseline() }),
  });
};

const asQuery = async (lab: Lab) => {
  const agent = lab.client('agent');
  const { fields } = await agent.credentials();
  const query = new URLSearchParams({ ...fields, ...agent.baseline() } as Record<string, string>);
  return agent.exchange.post(`${agent.endpoint(ENDPOINT)}?${query}`, {});
};

requirement('CIBA-7.1-08', {
  standard: (lab) =>
    lab.nobodyIsAsked(async () => {
      expectRefusal(await asJson(lab), 400, 'invalid_request');
      expectRefusal(await asQuery(lab), [400, 401], 'invalid_request', 'invalid_client');
    }),
  auth0: async (lab) => {
    expectAccepted(await asJson(lab));
    expectRefusal(await asQuery(lab), [400, 401], 'invalid_request', 'invalid_client');
  },
});

requirement('CIBA-7.1-09', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const scope of [undefined, 'profile']) {
      expectRefusal(await lab.client('agent').ask({ scope }), 400, 'invalid_request', 'invalid_scope');
    }
  }),
);

requirement('CIBA-7.1-11', async (lab) => {
  const granted = [];
  for (const scope of ['openid profile', 'profile openid']) {
    const { authReqId, tokens } = await lab.complete('agent', { scope });
    const asked = (await lab.approval(authReqId)).scope;
    granted.push([
      asked.toSorted(),
      String(tokens['scope'] ?? scope)
        .split(' ')
        .toSorted(),
    ]);
  }
  expect(granted[0]).toEqual(granted[1]);
  expect(granted[0]?.[0]).toEqual(['openid', 'profile']);
});

requirement('CIBA-7.1-12', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const name of ['ping', 'push']) {
      for (const client_notification_token of [undefined, '']) {
        expectRefusal(await lab.client(name).ask({ client_notification_token }), 400, 'invalid_request');
      }
    }
  }),
);

requirement('CIBA-7.1-13', async (lab) => {
  const longest = LETTERS.repeat(29).slice(0, 1024);
  expectRefusal(
    await lab.client('ping').ask({ client_notification_token: `${longest}x` }),
    400,
    'invalid_request',
  );
  const { authReqId } = await lab.complete('ping', { client_notification_token: longest });
  const [callback] = lab.callbacks.of({ authReqId });
  expect(callback?.headers.authorization).toBe(`Bearer ${longest}`);
});

requirement('CIBA-7.1-14', async (lab) => {
  for (const client_notification_token of ['a b', 'a"b', 'a\r\nb', 'aéb', 'a=b']) {
    expectRefusal(await lab.client('ping').ask({ client_notification_token }), 400, 'invalid_request');
  }
  for (const client_notification_token of ['a-._~+/b', 'abc==']) {
    expectAccepted(await lab.client('ping').ask({ client_notification_token }));
  }
});

requirement('CIBA-7.1-16', async (lab) => {
  const [acr = ''] = lab.provider.list('acr_values_supported');
  expect(acr).not.toBe('');
  const { tokens } = await lab.complete('agent', { acr_values: acr });
  expect(claimsOf(tokens['id_token'])['acr']).toBe(acr);
  expectAccepted(await lab.client('agent').ask({ acr_values: 'urn:nobody:knows' }));
});

requirement('CIBA-7.1-17', async (lab) => {
  const authReqId = await lab.client('agent').askFor();
  const device = await lab.device(ADA);
  const { id } = await lab.approval(authReqId);
  expect((await device.inbox()).find((one) => one.id === id)?.['binding_message']).toBe('W4-SCT1');
  const accented = await lab.client('agent').ask({ binding_message: 'Café' });
  if (lab.profile === 'auth0') expectRefusal(accented, 400, 'invalid_request', 'invalid_binding_message');
  else if (isRefused(accented)) expectRefusal(accented, 400, 'invalid_binding_message');
  else expect((await lab.approval(expectAccepted(accented))).binding_message).toBe('Café');
});

const LONG_MESSAGE = '漢字 and words 🦜 '.repeat(30);
/** Documented: docs/reference/profiles.md. */
const LONGEST_MESSAGE = 64;
const UNSHOWABLE = ['a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(LONGEST_MESSAGE + 1), 'x'.repeat(10_000)];

requirement('CIBA-7.1-18', {
  standard: async (lab) => {
    const long = await lab.client('agent').ask({ binding_message: LONG_MESSAGE });
    if (isRefused(long)) expectRefusal(long, 400, 'invalid_binding_message');
    else expect((await lab.approval(expectAccepted(long))).binding_message).toBe(LONG_MESSAGE);
    const longest = 'x'.repeat(LONGEST_MESSAGE);
    const fitting = await lab.client('agent').askFor({ binding_message: longest });
    expect((await lab.approval(fitting)).binding_message).toBe(longest);
    for (const binding_message of UNSHOWABLE) {
      const answer = await lab.client('agent').ask({ binding_message });
      expectRefusal(answer, 400, 'invalid_binding_message');
    }
  },
  auth0: async (lab) => {
    for (const binding_message of [LONG_MESSAGE, 'a\u0000b', 'a\u202eb', 'x'.repeat(10_000)]) {
      expectRefusal(await lab.client('agent').ask({ binding_message }), 400, 'invalid_request');
    }
    // White space of any kind is in Auth0's set.
    expectAccepted(await lab.client('agent').ask({ binding_message: 'a\nb' }));
  },
});

requirement('CIBA-7.1-19', async (lab) => {
  const short = await lab.client('agent').ask({ requested_expiry: '30' });
  expectAccepted(short);
  expect(short.json().expires_in).toBeLessThanOrEqual(30);
  const long = await lab.client('agent').ask({ requested_expiry: '99999999' });
  if (isRefused(long)) expectRefusal(long, 400, 'invalid_request');
  else expect(long.json().expires_in).toBeLessThanOrEqual(259_200);
});

requirement('CIBA-7.1-20', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const requested_expiry of ['abc', '0', '-1', '1.5', '1e3', ' 30']) {
      expectRefusal(await lab.client('agent').ask({ requested_expiry }), 400, 'invalid_request');
    }
  }),
);

requirement('CIBA-7.1-22', (lab) =>
  lab.nobodyIsAsked(async () => {
    expectRefusal(await lab.client('agent').ask({ login_hint: undefined }), 400, 'invalid_request');
  }),
);

requirement('CIBA-7.1-23', async (lab) => {
  const { tokens } = await lab.complete('agent');
  const again = await lab.complete('agent', { login_hint: undefined, id_token_hint: tokens['id_token'] });
  expect(claimsOf(again.tokens['id_token'])['sub']).toBe(claimsOf(tokens['id_token'])['sub']);
});

requirement('CIBA-7.1-25', async (lab) => {
  for (const name of ['mtls', 'self_signed']) {
    expectAccepted(await lab.client(name).ask());
    const anonymous: Parameters = { client_id: undefined };
    const answer = await lab.client(name).ask(anonymous);
    expectOneRefusal(answer, [400, 'invalid_request'], [401, 'invalid_client']);
  }
});
