// An agent that uses an SDK of Auth0 as it is: asks, and polls until there is an answer.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { RunningAssent } from 'assent';
import { AuthenticationClient } from 'auth0/legacy';
import { ADA, TRANSFER, TRANSFERS_API } from './tenant.ts';

export class SdkAgent {
  readonly #client: AuthenticationClient;

  constructor(assent: RunningAssent) {
    const { AUTH0_CLIENT_ID: clientId = '', AUTH0_CLIENT_SECRET: clientSecret = '' } = assent.env;
    // The SDK speaks https alone, through Node’s own fetch.
    setDefaultCACertificates([...getCACertificates(), assent.ca ?? '']);
    this.#client = new AuthenticationClient({ domain: new URL(assent.issuer).host, clientId, clientSecret });
  }

  /** The access token, once somebody approved; rejects with what the SDK throws. */
  async pay(bindingMessage = 'RENT-4K9'): Promise<string> {
    const { auth_req_id, interval } = await this.#client.backchannel.authorize({
      userId: ADA,
      binding_message: bindingMessage,
      scope: 'openid create:transfer',
      audience: TRANSFERS_API,
      authorization_details: JSON.stringify([TRANSFER]),
    });
    for (;;) {
      try {
        return (await this.#client.backchannel.backchannelGrant({ auth_req_id })).access_token;
      } catch (error) {
        const code = error instanceof Error && 'error' in error ? error.error : undefined;
        if (code !== 'authorization_pending' && code !== 'slow_down') throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    }
  }
}
