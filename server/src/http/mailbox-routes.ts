// The built-in mailbox under /control, for tests and for the console. Empty where the tenant has a mail server.
import {
  CONTROL_API,
  type MailboxEntry,
  type MailboxMessage,
  mailboxQuerySchema,
} from '../contract/index.ts';
import type { Mailbox } from '../notify/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { readQuery } from './request-body.ts';

export function mailboxRoutes(mailbox: Mailbox): Route[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/mailbox`,
      purpose: 'list the messages in the built-in mailbox',
      answer: async (ctx) => {
        const messages = await mailbox.list(readQuery(ctx, mailboxQuerySchema));
        ctx.body = { messages: messages.map(toEntry) };
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/mailbox/:id`,
      purpose: 'read a message',
      answer: async (ctx) => {
        const id = pathParameter(ctx, 'id');
        const message = await mailbox.get(id);
        if (!message) {
          throw new Problem('not_found', `There is no message "${id}" in the mailbox.`, {
            status: 404,
            hint: `GET ${CONTROL_API}/mailbox lists them. The oldest are dropped to make room.`,
          });
        }
        ctx.body = message;
      },
    },
  ];
}

function toEntry({ text: _text, html: _html, ...entry }: MailboxMessage): MailboxEntry {
  return entry;
}
