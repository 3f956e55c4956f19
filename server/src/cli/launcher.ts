// The shell in which npm runs a command. npm passes a signal to that shell alone, and a plain one such as dash dies without
// passing it on: the server would live on, with nobody left who could stop it from where it was started.

/** `npx assent` and `npm start` end when the command does. Other scripts may start a server and leave it on purpose. */
const EVENTS = ['npx', 'start'];

const LOOK_EVERY_MS = 200;

/** Calls `onGone` once if npm started this process and its shell is gone. Keeps no process alive. */
export function watchLauncher(env: Readonly<Record<string, string | undefined>>, onGone: () => void): void {
  if (EVENTS.includes(env['npm_lifecycle_event'] ?? '')) watchParent(onGone);
}

/** The same for a command that no script leaves running: whatever script of npm it stands in. */
export function watchAnyLauncher(
  env: Readonly<Record<string, string | undefined>>,
  onGone: () => void,
): void {
  if (env['npm_lifecycle_event'] !== undefined) watchParent(onGone);
}

function watchParent(onGone: () => void): void {
  const launcher = process.ppid;
  const timer = setInterval(() => {
    // A process whose parent ends is handed to another one.
    if (process.ppid === launcher) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
