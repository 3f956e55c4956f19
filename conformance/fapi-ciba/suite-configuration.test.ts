// The files for a run of the Foundation's suite: the tenant starts, and what the suite holds opens its doors.
import { startAssent } from 'assent';
import { importJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { Exchange } from '../client/exchange.ts';
import { newJti } from '../client/jwt.ts';
import { assertionFields } from '../client/relying-party.ts';
import { VARIANTS } from './modules.ts';
import { makeSuiteFiles, nameOf } from './suite-configuration.ts';

test('the tenant knows the clients of every plan, by their keys or by their certificates', async () => {
  const { tenant, plans } = await makeSuiteFiles({
    issuer: 'https://localhost:4443/',
    mtlsPort: 4444,
    suite: 'https://suite.example:8443',
  });
  expect(Object.keys(plans)).toEqual(VARIANTS.map(nameOf));
  await using assent = await startAssent({ config: { ...tenant, mtls: { ...tenant.mtls, port: 0 } } });
  for (const [name, plan] of Object.entries(plans)) {
    const { client, mtls, alias } = plan;
    const [jwk] = client.jwks.keys;
    const now = Math.floor(Date.now() / 1000);
    const sign = async (claims: Record<string, unknown>): Promise<string> =>
      new SignJWT({
        iss: client.client_id,
        aud: assent.issuer,
        iat: now,
        nbf: now,
        exp: now + 60,
        jti: newJti(),
        ...claims,
      })
        .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid })
        .sign(await importJWK(jwk, jwk.alg));
    await using exchange = new Exchange(assent.ca, { cert: mtls.cert, key: mtls.key });
    const answer = await exchange.post(`${assent.mtlsUrl}/bc-authorize`, {
      request: await sign({
        scope: client.scope,
        [client.hint_type]: client.hint_value,
        binding_message: '1234',
        client_notification_token: newJti(),
      }),
      ...(name.endsWith('mtls')
        ? { client_id: client.client_id }
        : assertionFields(await sign({ sub: client.client_id }))),
    });
    expect([alias, answer.status, answer.text]).toEqual([
      `assent-${name}`,
      200,
      expect.stringContaining('auth_req_id'),
    ]);
  }
});
