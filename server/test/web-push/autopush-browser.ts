// As much of Firefox's push client as tests need: the messages, in the order and with the members that Firefox sends.
import { once } from 'node:events';
import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
type Message = Record<string, any>;

export class AutopushBrowser implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #unread: Message[] = [];
  #wake = (): void => {};
  /** Resolves with the close code. */
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close').then(([code]) => code);
    socket.on('message', (frame) => {
      this.#unread.push(JSON.parse(frame.toString()));
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  static async connect(
    origin: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AutopushBrowser> {
    const url = `${origin.replace(/^http/, 'ws')}/push/autopush`;
    const socket = new WebSocket(url, 'push-notification', { origin: url, headers });
    const browser = new AutopushBrowser(socket);
    await once(socket, 'open');
    return browser;
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** From now on it hears nothing, as one that hangs, and goes on speaking; until it is let listen again. */
  stopListening(): () => void {
    this.#socket.pause();
    return () => this.#socket.resume();
  }

  /** A ping of RFC 6455 §5.5.2, which is no message. */
  ping(data: string): void {
    this.#socket.ping(data);
  }

  /** What it has said and the server has not taken yet, in bytes. */
  get unheardBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** The next message of the server; undefined once it has closed the connection. */
  async next(): Promise<Message | undefined> {
    while (this.#unread.length === 0) {
      if (this.#socket.readyState === WebSocket.CLOSED) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#unread.shift();
  }

  /** What Firefox says first. Returns the uaid that it must keep. */
  async hello(uaid?: string): Promise<string> {
    this.send({
      messageType: 'hello',
      broadcasts: {},
      use_webpush: true,
      ...(uaid === undefined ? {} : { uaid }),
    });
    const answer = await this.next();
    return answer?.['uaid'];
  }

  /** Subscribes a channel; Firefox pads the key. Returns the answer. */
  async register(channelID: string, key: string): Promise<Message> {
    this.send({ channelID, messageType: 'register', key: `${key}=` });
    return (await this.next()) ?? {};
  }

  acknowledge({ channelID, version }: Message, code = 100): void {
    this.send({ messageType: 'ack', updates: [{ channelID, version, code }] });
  }

  /** Resolves once the server has handled everything that was sent before. */
  async settle(): Promise<void> {
    this.send({ messageType: 'ping' });
    await this.next();
  }

  disconnect(): Promise<number> {
    this.#socket.close();
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }
}
