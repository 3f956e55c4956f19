// Hands messages to the tenant's SMTP server and says in plain words why that failed. RFC 5321.
import type { Transporter } from 'nodemailer';
import type { EmailProviderConfig } from '../../contract/index.ts';
import type { MailMessage } from './message.ts';

/** Why a message was not taken. */
export class MailFailure extends Error {
  /** The server will not take it later either. RFC 5321 §4.2.1: after a 5yz the same must not be tried again. */
  readonly isFinal: boolean;

  constructor(why: string, isFinal: boolean) {
    super(why);
    this.name = 'MailFailure';
    this.isFinal = isFinal;
  }
}

export interface MailServer {
  /** Resolves once the server has taken the message. @throws MailFailure */
  send(message: MailMessage, signal: AbortSignal): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

export function createMailServer(provider: EmailProviderConfig): MailServer {
  const { host, port, secure, user, password, ca } = provider;
  const requireTLS = provider.require_tls ?? user !== undefined;
  const settings = {
    host,
    port,
    secure,
    requireTLS,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  /** What speaks SMTP is loaded for the first message. */
  let connecting: Promise<Transporter> | undefined;
  const connect = async (): Promise<Transporter> => (await import('nodemailer')).createTransport(settings);
  return {
    async send({ from, to, subject, text, html }, signal) {
      try {
        connecting ??= connect();
        await (await connecting).sendMail({
          from,
          to,
          subject,
          text,
          html,
          signal,
          // RFC 3834 §5: nobody's holiday notice should answer.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw explainFailure(error, provider);
      }
    },
  };
}

function explainFailure(error: unknown, { host, port, password }: EmailProviderConfig): MailFailure {
  const {
    code = '',
    responseCode = 0,
    response = '',
  } = error as Partial<Record<'code' | 'response', string> & { responseCode: number }>;
  const server = `${host}:${port}`;
  const said = oneLine(response || (error instanceof Error ? error.message : String(error)), password);
  const isFinal = responseCode >= 500;
  switch (code) {
    case 'ECONNECTION':
    case 'ESOCKET':
    case 'EDNS':
    case 'ECONNREFUSED':
      return new MailFailure(`the mail server ${server} cannot be reached: ${said}`, isFinal);
    case 'ETIMEDOUT':
      return new MailFailure(`the mail server ${server} did not answer in time`, isFinal);
    case 'ETLS':
      return new MailFailure(`no encrypted connection to ${server}: ${said}`, isFinal);
    case 'EAUTH':
      return new MailFailure(`the mail server ${server} refused the login: ${said}`, isFinal);
    default:
      return new MailFailure(`the mail server ${server} refused the message: ${said}`, isFinal);
  }
}

/** Servers write several lines, and some repeat what they were told. */
function oneLine(text: string, secret: string | undefined): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return (secret === undefined ? line : line.replaceAll(secret, '…')).slice(0, 200);
}
