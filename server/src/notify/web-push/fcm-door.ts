// When the imitation of Google's push is open: from the first time that somebody needs it, and from the start where it was
// open when the server stopped.
import { FcmImitation, type FcmImitationOptions } from './fcm-imitation.ts';

export class FcmDoor {
  readonly #options: FcmImitationOptions;
  #opening: Promise<FcmImitation> | undefined;
  #imitation: FcmImitation | undefined;

  constructor(options: FcmImitationOptions) {
    this.#options = options;
  }

  /** Undefined until it is open. */
  get imitation(): FcmImitation | undefined {
    return this.#imitation;
  }

  async reopen(): Promise<void> {
    if (await FcmImitation.wasOpen(this.#options.store)) await this.open();
  }

  /** Everybody who asks gets the same one. */
  open(): Promise<FcmImitation> {
    this.#opening ??= this.#start().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    // What could not be opened need not be closed.
    await this.#opening?.catch(() => undefined);
    await this.#imitation?.close();
  }

  async #start(): Promise<FcmImitation> {
    this.#imitation = await FcmImitation.start(this.#options);
    return this.#imitation;
  }
}
