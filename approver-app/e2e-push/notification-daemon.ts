// The desktop's notification daemon, in the hands of a test: it takes what browsers show and can be clicked. It claims its
// name before the browsers start, since they look for it once.
// Desktop Notifications Specification 1.2: https://specifications.freedesktop.org/notification-spec/
import { createClient, type DefinedInterface, defineInterface, type MessageBus } from 'dbus-native';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const CLOSED = { byPerson: 2, byProgram: 3 } as const;
/** What a click on the notification itself is called, beside its buttons. */
const DEFAULT_ACTION = 'default';

export interface ShownNotification {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  /** Keys of what can be clicked. */
  readonly actions: readonly string[];
  /** By `performance.now()`. */
  readonly shownAtMs: number;
}

interface NotifyArguments {
  replacesId: number;
  title: string;
  body: string;
  /** Key, label, key, label. */
  actions: string[];
}

export class NotificationDaemon implements AsyncDisposable {
  readonly #bus: MessageBus;
  readonly #shown: ShownNotification[] = [];
  readonly #watchers = new Set<(notification: ShownNotification) => void>();
  readonly #interface: DefinedInterface;
  #lastId = 0;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
    this.#interface = defineInterface({
      name: NAME,
      methods: {
        Notify: {
          in: {
            program: 's',
            replacesId: 'u',
            icon: 's',
            title: 's',
            body: 's',
            actions: 'as',
            hints: 'a{sv}',
            timeoutMs: 'i',
          },
          out: { id: 'u' },
          handler: (notification: NotifyArguments) => this.#show(notification),
        },
        CloseNotification: {
          in: { id: 'u' },
          handler: ({ id }: { id: number }) => this.#emit('NotificationClosed', id, CLOSED.byProgram),
        },
        // No markup: bodies come as they are read.
        GetCapabilities: { out: { capabilities: 'as' }, handler: () => ['body', 'actions', 'persistence'] },
        GetServerInformation: {
          out: { name: 's', vendor: 's', version: 's', specVersion: 's' },
          handler: () => ({ name: 'tests', vendor: 'Assent', version: '1', specVersion: '1.2' }),
        },
      },
      signals: {
        NotificationClosed: { args: { id: 'u', reason: 'u' } },
        ActionInvoked: { args: { id: 'u', key: 's' } },
      },
    });
  }

  static async start(busAddress: string): Promise<NotificationDaemon> {
    const daemon = new NotificationDaemon(createClient({ busAddress }));
    await daemon.#bus.export(PATH, daemon.#interface);
    const { isPrimaryOwner } = await daemon.#bus.ownName(NAME);
    if (!isPrimaryOwner) throw new Error('This bus has a notification daemon already.');
    return daemon;
  }

  /** The first one whose body contains `code`, whether it is there already or yet to come. */
  async waitFor(code: string, timeoutMs: number): Promise<ShownNotification> {
    const matches = ({ body }: ShownNotification): boolean => body.includes(code);
    const there = this.#shown.find(matches);
    if (there !== undefined) return there;
    const { promise, resolve, reject } = Promise.withResolvers<ShownNotification>();
    const watch = (notification: ShownNotification): void => {
      if (matches(notification)) resolve(notification);
    };
    this.#watchers.add(watch);
    const deadline = setTimeout(() => {
      const shown = this.#shown.map(({ title, body }) => `${title}: ${body}`).join('\n');
      reject(new Error(`No notification with ${code} within ${timeoutMs} ms. Shown were:\n${shown}`));
    }, timeoutMs);
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      this.#watchers.delete(watch);
    }
  }

  /** Clicks it, which also closes it, as on a desktop. */
  click({ id, actions }: ShownNotification): void {
    if (!actions.includes(DEFAULT_ACTION)) {
      throw new Error(`The notification cannot be clicked, only: ${actions.join(', ')}`);
    }
    this.#emit('ActionInvoked', id, DEFAULT_ACTION);
    this.#emit('NotificationClosed', id, CLOSED.byPerson);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus.close();
  }

  #show({ replacesId, title, body, actions }: NotifyArguments): number {
    const shownAtMs = performance.now();
    if (replacesId === 0) this.#lastId += 1;
    const id = replacesId || this.#lastId;
    const keys = actions.filter((_text, index) => index % 2 === 0);
    const notification = { id, title, body, actions: keys, shownAtMs };
    this.#shown.push(notification);
    for (const watch of this.#watchers) watch(notification);
    return id;
  }

  #emit(signal: 'ActionInvoked' | 'NotificationClosed', ...values: unknown[]): void {
    this.#interface.emit[signal]?.(...values);
  }
}
