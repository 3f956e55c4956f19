// The built-in mailbox: all of it under /control, for tests; under /approver what went to the person of a device. Empty where
// the tenant has a mail server.
import type { RouterContext } from '@koa/router';
import {
  APPROVER_API,
  CONTROL_API,
  type MailboxEntry,
  type MailboxMessage,
  mailboxMessageSchema,
  mailboxQuerySchema,
  mailboxSchema,
  type OwnMailbox,
} from '../contract/index.ts';
import { isAddressedTo, type Mailbox } from '../notify/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import type { CallingDevice } from './device-proof.ts';
import { readQuery } from './request-body.ts';

export function mailboxRoutes(mailbox: Mailbox): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/mailbox`,
      purpose: 'list the messages in the built-in mailbox',
      shapes: {
        query: mailboxQuerySchema,
        answer: mailboxSchema,
        note: 'Newest first. Empty where the tenant file names a mail server.',
      },
      answer: async (ctx) => {
        const messages = await mailbox.list(readQuery(ctx, mailboxQuerySchema));
        ctx.body = { messages: messages.map(toMailboxEntry) };
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/mailbox/:id`,
      purpose: 'read a message',
      shapes: { answer: mailboxMessageSchema, errors: { 404: 'There is no such message.' } },
      answer: async (ctx) => {
        const id = pathParameter(ctx, 'id');
        const message = await mailbox.get(id);
        if (!message) throw unknownMessage(id, CONTROL_API);
        ctx.body = message;
      },
    },
  ];
}

/** As long as a list on a phone may be. */
const MOST_LISTED = 100;

export interface OwnMailboxParts {
  tenant: Tenant;
  mailbox: Mailbox;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

/** What went to the address of the person whose device asks. That there are others is not told. */
export function ownMailboxRoutes({ tenant, mailbox, forDevices }: OwnMailboxParts): Route[] {
  const addressOf = ({ device }: CallingDevice): string | undefined =>
    tenant.directory.user(device.userId)?.email;
  return [
    {
      method: 'GET',
      path: `${APPROVER_API}/mailbox`,
      purpose: 'list the e-mail to one person',
      answer: forDevices(async (ctx, caller) => {
        const address = addressOf(caller);
        const messages = address === undefined ? [] : await mailbox.list({ to: address, limit: MOST_LISTED });
        ctx.body = {
          ...(address === undefined ? {} : { address }),
          kept_here: tenant.config.email.provider?.enabled !== true,
          messages: messages.map(toMailboxEntry),
        } satisfies OwnMailbox;
      }),
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/mailbox/:id`,
      purpose: 'read an e-mail',
      answer: forDevices(async (ctx, caller) => {
        const id = pathParameter(ctx, 'id');
        const address = addressOf(caller);
        const message = await mailbox.get(id);
        if (!message || address === undefined || !isAddressedTo(message, address))
          throw unknownMessage(id, APPROVER_API);
        ctx.body = message;
      }),
    },
  ];
}

function unknownMessage(id: string, api: string): Problem {
  return new Problem('not_found', `There is no message "${id}" in the mailbox.`, {
    status: 404,
    hint: `GET ${api}/mailbox lists them. The oldest are dropped to make room.`,
  });
}

export function toMailboxEntry({ text: _text, html: _html, ...entry }: MailboxMessage): MailboxEntry {
  return entry;
}
