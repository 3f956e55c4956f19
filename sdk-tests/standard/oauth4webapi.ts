// npm `oauth4webapi` 3: each request and each check is a call, and a proof that lacks a nonce is sent again by the program.
import * as oauth from 'oauth4webapi';
import { createCertificateFetch } from './certificate-fetch.ts';
import { type Agent, type Granted, type Library, metadataOf } from './library.ts';

export const oauth4webapi: Library = {
  name: 'oauth4webapi',
  async connect(issuer, credentials): Promise<Agent> {
    const { clientId, proof, key, certificate } = credentials;
    const server = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer)),
    );
    const client: oauth.Client = { client_id: clientId, ...metadataOf(credentials) };
    const authentication = proof === 'certificate' ? oauth.TlsClientAuth() : oauth.PrivateKeyJwt(key);
    const options = {
      ...(certificate && {
        [oauth.customFetch]: createCertificateFetch(certificate) as never,
      }),
      ...(proof === 'dpop' ? { DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) } : {}),
    };
    const redeem = async (authReqId: string): Promise<Granted> => {
      const response = await oauth.backchannelAuthenticationGrantRequest(
        server,
        client,
        authentication,
        authReqId,
        options,
      );
      const granted = await oauth.processBackchannelAuthenticationGrantResponse(server, client, response);
      await oauth.validateApplicationLevelSignature(server, response, options as never);
      return granted;
    };
    const withNonce = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) throw error;
        return work();
      }
    };
    return {
      async ask(parameters) {
        const response = await oauth.backchannelAuthenticationRequest(
          server,
          client,
          authentication,
          parameters,
          options,
        );
        return oauth.processBackchannelAuthenticationResponse(server, client, response);
      },
      async poll({ auth_req_id: authReqId, interval = 5 }) {
        for (;;) {
          try {
            return await withNonce(() => redeem(authReqId));
          } catch (error) {
            const isWaiting =
              error instanceof oauth.ResponseBodyError &&
              ['authorization_pending', 'slow_down'].includes(error.error);
            if (!isWaiting) throw error;
            // The pace of the server, CIBA Core §7.3: how a client polls, and not how a test waits.
            await new Promise((resolve) => setTimeout(resolve, interval * 1000));
          }
        }
      },
      redeem: (authReqId) => withNonce(() => redeem(authReqId)),
      readSubject: (accessToken, subject) =>
        withNonce(async () => {
          const response = await oauth.userInfoRequest(server, client, accessToken, options);
          return (await oauth.processUserInfoResponse(server, client, subject, response)).sub;
        }),
    };
  },
};
