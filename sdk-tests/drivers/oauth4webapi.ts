// npm `oauth4webapi`: single requests and strict checks of each response; the loop is the program's. The client
// authenticates with HTTP Basic here, so that this way is covered too.
import * as oauth from 'oauth4webapi';
import { answerOf, type Driver } from './driver.ts';
import { readResponseBodyError, tellResponseBodyError, toAnswer, toParameters } from './openid-client.ts';
import { createPollingAgent } from './polling-loop.ts';

// CIBA Core §7.3: the interval is 5 seconds when the response names none.
const DEFAULT_INTERVAL_SECONDS = 5;

export const oauth4webapiDriver: Driver = {
  name: 'oauth4webapi 3',
  packageName: 'oauth4webapi',
  uses: '`backchannelAuthenticationRequest`, `backchannelAuthenticationGrantRequest`, client_secret_basic',
  async connect({ issuer, clientId, clientSecret }) {
    const server = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer)),
    );
    const client: oauth.Client = { client_id: clientId };
    const authentication = oauth.ClientSecretBasic(clientSecret);
    return createPollingAgent(async (question) => {
      const started = await oauth.processBackchannelAuthenticationResponse(
        server,
        client,
        await oauth.backchannelAuthenticationRequest(
          server,
          client,
          authentication,
          toParameters(server.issuer, question),
        ),
      );
      return {
        intervalSeconds: started.interval ?? DEFAULT_INTERVAL_SECONDS,
        poll: () =>
          answerOf(async () => {
            const response = await oauth.backchannelAuthenticationGrantRequest(
              server,
              client,
              authentication,
              started.auth_req_id,
            );
            const granted = await oauth.processBackchannelAuthenticationGrantResponse(
              server,
              client,
              response,
            );
            await oauth.validateApplicationLevelSignature(server, response);
            return toAnswer(granted);
          }, readResponseBodyError),
      };
    }, readResponseBodyError);
  },
  tell: tellResponseBodyError,
};
