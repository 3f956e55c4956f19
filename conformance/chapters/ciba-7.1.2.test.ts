// CIBA Core 1.0 §7.1.2: user codes.
import { afterAll, expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import { expectAccepted, expectRefusal } from '../lab/expectations.ts';
import { CAROL, CAROLS_CODE } from '../lab/people.ts';
import { nobodyIsTold, startPushService, withPushServices } from '../lab/push-service.ts';

const observer = await startPushService();
afterAll(() => observer[Symbol.asyncDispose]());

const { requirement } = openChapter(withPushServices(observer.host));

requirement('CIBA-7.1.2-01', async (lab) => {
  expect(lab.provider.metadata['backchannel_user_code_parameter_supported']).toBe(true);
  const login_hint = lab.hint(CAROL);
  await nobodyIsTold(lab, { observer, userId: CAROL }, async () => {
    expectRefusal(await lab.client('coded').ask({ login_hint }), 400, 'missing_user_code');
  });
  expectAccepted(await lab.client('agent').ask({ login_hint }));
});

requirement('CIBA-7.1.2-02', (lab) =>
  nobodyIsTold(lab, { observer, userId: CAROL }, async () => {
    const answer = await lab.client('coded').ask({ login_hint: lab.hint(CAROL), user_code: '0000' });
    expectRefusal(answer, 400, 'invalid_user_code');
  }),
);

requirement('CIBA-7.1.2-03', async (lab) => {
  const answer = await lab.client('coded').ask({ login_hint: lab.hint(CAROL), user_code: CAROLS_CODE });
  const authReqId = expectAccepted(answer);
  const tokens = await lab.approveAndCollect('coded', authReqId);
  const device = await lab.device(CAROL);
  const told = [
    answer.text,
    (await device.read((await lab.approval(authReqId)).id)).text,
    JSON.stringify(tokens),
    Buffer.from(String(tokens['id_token']).split('.')[1] ?? '', 'base64url').toString(),
  ];
  // Four digits may stand in an id or an instant by chance; a member of that value may not.
  for (const text of told) expect(text).not.toMatch(/user_?code|"4711"/i);
  expect(JSON.stringify(await lab.control.trace(authReqId))).not.toContain(`"${CAROLS_CODE}"`);
});
