// npm `openid-client` 6: it finds the aliases for mutual TLS, makes assertions and proofs, and repeats a request with the nonce that it was given.
import * as client from 'openid-client';
import { createCertificateFetch } from './certificate-fetch.ts';
import { type Library, metadataOf } from './library.ts';

const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba';

export const openidClient: Library = {
  name: 'openid-client',
  async connect(issuer, credentials) {
    const { clientId, proof, key, certificate } = credentials;
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      metadataOf(credentials),
      proof === 'certificate' ? client.TlsClientAuth() : client.PrivateKeyJwt(key),
      {
        execute: [client.enableNonRepudiationChecks],
        ...(certificate && {
          [client.customFetch]: createCertificateFetch(certificate) as client.CustomFetch,
        }),
      },
    );
    const options =
      proof === 'dpop'
        ? { DPoP: client.getDPoPHandle(configuration, await client.randomDPoPKeyPair('ES256')) }
        : {};
    return {
      ask: (parameters) => client.initiateBackchannelAuthentication(configuration, parameters),
      poll: (started) =>
        client.pollBackchannelAuthenticationGrant(configuration, { ...started }, {}, options),
      redeem: (authReqId) =>
        client.genericGrantRequest(configuration, CIBA_GRANT_TYPE, { auth_req_id: authReqId }, options),
      readSubject: async (accessToken, subject) =>
        (await client.fetchUserInfo(configuration, accessToken, subject, options)).sub,
    };
  },
};
