// A real SMTP server on this computer, with the encryption and the logins that a tenant may meet. Reads what arrives as a
// mail program would.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface MailServerOptions {
  /** Certificate for STARTTLS, or for TLS from the first byte. */
  tls?: { key: string; cert: string };
  isTlsFromFirstByte?: boolean;
  /** The only login that is taken; left out, nobody has to log in. */
  login?: { user: string; password: string };
  /** Answers every recipient with this code and text. */
  refusal?: { code: number; text: string };
  port?: number;
}

export interface ReceivedMail {
  mail: Email;
  /** Who logged in. */
  user: string | undefined;
  isEncrypted: boolean;
  recipients: string[];
}

export class MailServer implements AsyncDisposable {
  readonly #server: SMTPServer;
  readonly received: ReceivedMail[] = [];
  #announce = Promise.withResolvers<void>();

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    await once(server.#server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
    return server;
  }

  private constructor({ tls, isTlsFromFirstByte = false, login, refusal }: MailServerOptions) {
    this.#server = new SMTPServer({
      ...tls,
      secure: isTlsFromFirstByte,
      // Offered only where there is a certificate for it, so that a plain server is really plain.
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      logger: false,
      closeTimeout: 100,
      onAuth: (auth, _session, done) => {
        if (auth.username === login?.user && auth.password === login?.password)
          done(null, { user: auth.username });
        else done(new Error('Invalid username or password'));
      },
      onRcptTo: (_address, _session, done) => {
        if (refusal) done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
        else done();
      },
      onData: (stream, session, done) => {
        buffer(stream)
          .then(async (raw) => {
            this.received.push({
              mail: await PostalMime.parse(raw),
              user: session.user === undefined ? undefined : String(session.user),
              isEncrypted: session.secure,
              recipients: session.envelope.rcptTo.map(({ address }) => address),
            });
            done();
            this.#announce.resolve();
            this.#announce = Promise.withResolvers();
          })
          .catch(done);
      },
    });
    // A caller that leaves in the middle is part of some tests.
    this.#server.on('error', () => undefined);
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** The only message, once it is there. */
  async mail(): Promise<ReceivedMail> {
    while (this.received.length === 0) await this.#announce.promise;
    const [first] = this.received;
    if (!first || this.received.length > 1) throw new Error(`${this.received.length} messages arrived`);
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
