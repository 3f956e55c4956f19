// How sure it is that it was this person, as ID tokens say it: true to what happened. OpenID Connect Core §2, CIBA Core §7.1.
import { expect, it } from 'vitest';
import {
  type ApprovalView,
  deviceTransactionSchema,
  passkeyCreationSchema,
  passkeyRequestSchema,
} from '../../src/contract/index.ts';
import { claimsOf } from '../agent.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { SoftwareAuthenticator } from '../software-authenticator.ts';
import { ADA, StandardBank } from './standard-bank.ts';

const pair = (bank: StandardBank) => PairedBrowser.pair({ url: bank.assent.url, clock: bank.clock }, ADA);

async function idTokenOf(bank: StandardBank, authReqId: string): Promise<Record<string, unknown>> {
  const answer = await bank.agent().poll(authReqId);
  return claimsOf(answer.json().id_token);
}

/** Registers a passkey for this browser, and gives what approves with it. */
async function addPasskey(bank: StandardBank, browser: PairedBrowser) {
  const authenticator = new SoftwareAuthenticator(new URL(bank.issuer).origin);
  const path = `/approver/devices/${browser.device.id}/passkey`;
  const options = await browser.call(`${path}/challenge`, { method: 'POST', body: {} });
  const registered = await browser.call(path, {
    method: 'PUT',
    body: authenticator.create(passkeyCreationSchema.parse(options.json())),
  });
  expect(registered.status).toBe(200);
  return async (approval: ApprovalView) => {
    const asked = await browser.call(`/approver/requests/${approval.id}/challenge`, {
      method: 'POST',
      body: { consent_hash: approval.consent_hash },
    });
    const passkey = authenticator.get(passkeyRequestSchema.parse(asked.json()));
    const transaction = deviceTransactionSchema.parse((await browser.askTransaction(approval.id)).json());
    const decided = await browser.resolve(transaction.transaction_token, {
      challenge_response: await browser.signAnswer(approval, transaction, true),
      passkey,
    });
    expect(decided.status).toBe(200);
  };
}

it('an answer of a device is told as such, though more was wished for, and with its time', async () => {
  await using bank = await StandardBank.start();
  const browser = await pair(bank);
  const authReqId = await bank.askFor({ acr_values: 'urn:other phr' });
  bank.clock.advance(7_000);
  const decided = await browser.answer(await bank.assent.control.request(authReqId), true);
  expect(decided.status).toBe(200);
  const decidedAt = Math.floor(bank.clock.now() / 1000);
  bank.clock.advance(7_000);
  expect(await idTokenOf(bank, authReqId)).toMatchObject({
    acr: 'urn:assent:acr:answered',
    amr: ['pop', 'user'],
    auth_time: decidedAt,
  });
});

it('a passkey is told as one, by the name that was asked for first', async () => {
  await using bank = await StandardBank.start((config) => ({
    ...config,
    tenant: { ...config.tenant, acr_values_supported: ['silver', 'gold'] },
    guardian: { factors: { 'webauthn-platform': true, 'webauthn-roaming': true } },
  }));
  const approve = await addPasskey(bank, await pair(bank));
  const wishes: ReadonlyArray<[string | undefined, string]> = [
    [undefined, 'gold'],
    ['bronze gold silver', 'gold'],
    ['silver gold', 'silver'],
  ];
  for (const [acrValues, told] of wishes) {
    const authReqId = await bank.askFor({ acr_values: acrValues });
    await approve(await bank.assent.control.request(authReqId));
    expect(await idTokenOf(bank, authReqId)).toMatchObject({ acr: told, amr: ['pop', 'user', 'mfa'] });
  }
});

it('a wish that is repeated is kept once, in its first place', async () => {
  await using bank = await StandardBank.start();
  for (const way of [{}, { detour: 'yes' }]) {
    const authReqId = await bank.askFor({ acr_values: `gold silver ${'gold '.repeat(300)}`, ...way });
    const { documents } = await bank.assent.snapshot();
    const kept = documents.map(({ value }) => value as { authReqId?: string; acrValues?: string[] });
    expect(kept.find((one) => one.authReqId === authReqId)?.acrValues).toEqual(['gold', 'silver']);
  }
});

it('of somebody who was only said to have answered, no method is claimed', async () => {
  await using bank = await StandardBank.start();
  const { id_token: token = '' } = await bank.tokensOf();
  expect(claimsOf(token)).toMatchObject({ acr: 'urn:assent:acr:answered' });
  expect(claimsOf(token)).not.toHaveProperty('amr');
});
