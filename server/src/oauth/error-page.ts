// What a browser gets when something cannot go on and there is no application to send it back to: what happened, what was
// received, what to do. Programs get the same as JSON. Called by the provider, the login pages and the logout.
import type { Context } from 'koa';
import { type ErrorOut, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import { html, prefersPage, sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { answersOutage } from './outage-answer.ts';
import type { Refusal } from './refusal.ts';

export interface Explanation {
  status: number;
  title: string;
  happened: string;
  /** What was received and what was expected, by label. */
  facts?: ReadonlyArray<{ label: string; values: readonly string[] }>;
  next: string;
}

export const LOGIN_IS_OVER: Explanation = {
  status: 400,
  title: 'This login is over',
  happened:
    'It was finished, it is older than an hour, or it began in another browser. You may be logged in already.',
  next: 'Go back to the application and log in from there.',
};

export const FOREIGN_FORM: Explanation = {
  status: 403,
  title: 'Not from here',
  happened: 'The form was sent by a page of another site.',
  next: 'Go back to the application and log in from there.',
};

export const FOREIGN_ANSWER: Explanation = {
  status: 403,
  title: 'Not from here',
  happened:
    'The answer did not come from a page of this login: another site sent it, or somebody has logged in since. Nothing was decided.',
  next: 'Open the link of the e-mail again and answer there.',
};

export const FOREIGN_CONSENT: Explanation = {
  status: 403,
  title: 'Not from here',
  happened:
    'The answer did not come from a page of this login: another site sent it, or somebody has logged in since. Nothing was decided.',
  next: 'Go back to the application and begin there again.',
};

export const CONSENT_IS_UNKNOWN: Explanation = {
  status: 404,
  title: 'There is no such request',
  happened: 'The link is not complete, or the server has forgotten the request that it led to.',
  next: 'Open the link from the newest e-mail. The agent can ask again.',
};

export const SIGN_UP_IS_CLOSED: Explanation = {
  status: 403,
  title: 'Sign-up is closed',
  happened: 'This tenant takes nobody new.',
  next: 'Log in as one of its people, or set allow_signup: true in the tenant file.',
};

export const USER_IS_BLOCKED: Explanation = {
  status: 403,
  title: 'This account is blocked',
  happened: 'Whoever runs the tenant has blocked it, so it cannot log in. Nothing was decided.',
  next: 'Log in as somebody else, or unblock it: PATCH /api/v2/users/{id} with blocked: false.',
};

export function unreadableForm(refusal: Refusal): Explanation {
  return {
    status: refusal.status,
    title: 'The form cannot be read',
    happened: refusal.error_description,
    next: 'Go back to the application and log in from there.',
  };
}

export function sendExplanation(ctx: Context, owner: string, explanation: Explanation): void {
  const { status, title, happened, facts = [], next } = explanation;
  sendPage(ctx, status, {
    title,
    owner,
    content: html`<div>
<h1>${title}</h1>
<p class="lead">${happened}</p>
</div>
${
  facts.length > 0 &&
  html`<dl class="facts">
${facts.map(({ label, values }) => html`<div><dt>${label}</dt>${values.map((value) => html`<dd>${value}</dd>`)}</div>\n`)}</dl>`
}
<p class="note">${next}</p>`,
  });
}

/** As `answersOutage`, where whoever asks may be a person. */
export function explainsOutage(tenant: Tenant, ctx: Context, error: unknown): boolean {
  if (!answersOutage(ctx, error)) return false;
  ctx.set('Cache-Control', 'no-store');
  // Of an answer that does not count: it led on, with a session that was not kept.
  ctx.remove('Location');
  ctx.remove('Set-Cookie');
  if (!prefersPage(ctx)) return true;
  sendExplanation(ctx, tenant.displayName, {
    status: ctx.status,
    title: 'Not right now',
    happened: error.message,
    next: 'Wait a moment, and load this page again. The log of the server says what to mend.',
  });
  return true;
}

/** The provider's `renderError`: errors of /authorize that may not be sent to a redirect_uri. RFC 6749 §4.1.2.1. */
export function renderProviderError(
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  out: ErrorOut,
  error: Error,
): void {
  if (explainsOutage(tenant, ctx, error)) return;
  if (!prefersPage(ctx)) {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = out;
    return;
  }
  sendExplanation(ctx, tenant.displayName, explain(tenant, ctx, out, error));
}

function explain(tenant: Tenant, ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): Explanation {
  const sent = (name: string): string => {
    const value = ctx.oidc.params?.[name] ?? ctx.query[name];
    return typeof value === 'string' ? value : 'nothing';
  };
  if (error instanceof errors.SessionNotFound) return LOGIN_IS_OVER;
  if (error instanceof errors.InvalidRedirectUri) {
    return callbackMismatch(tenant.directory.client(sent('client_id')), sent('redirect_uri'));
  }
  if (error instanceof errors.InvalidClient) {
    return {
      status: 400,
      title: 'Unknown client',
      happened: 'No application of this tenant has that client_id.',
      facts: [
        { label: 'Received', values: [sent('client_id')] },
        { label: 'This tenant has', values: tenant.directory.clients().map((client) => client.client_id) },
      ],
      next: 'Correct AUTH0_CLIENT_ID of the application, or add the client to the tenant file.',
    };
  }
  if (ctx.status >= 500) {
    return {
      status: ctx.status,
      title: 'Something broke here',
      happened: 'The server could not answer, and it is not your mistake.',
      next: 'The terminal of the server says more. Please report it.',
    };
  }
  return {
    status: ctx.status,
    title: 'The login cannot begin',
    happened: out.error_description ?? out.error,
    facts: [{ label: 'Error', values: [out.error] }],
    next: 'Correct the request of the application. It appears here because it names no address to send it to.',
  };
}

/** auth0: the page for a redirect_uri that is not listed. Callbacks are compared exactly, RFC 9700 §2.1. */
function callbackMismatch(client: ClientConfig | undefined, received: string): Explanation {
  const callbacks = client?.callbacks ?? [];
  return {
    status: 400,
    title: 'Callback URL mismatch',
    happened: 'The provided redirect_uri is not in the list of allowed callback URLs.',
    facts: [
      { label: 'Received', values: [received] },
      {
        label: `Allowed for ${client?.name ?? 'this client'}`,
        values: callbacks.length > 0 ? callbacks : ['none'],
      },
    ],
    next: `Add it to the callbacks of "${client?.client_id ?? ''}" in the tenant file, exactly as received.`,
  };
}
