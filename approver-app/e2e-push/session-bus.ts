// A D-Bus session of our own: the browsers of a test and its notification daemon meet there, and nobody else. It starts no
// services by itself, so a notification can reach no desktop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface SessionBus extends AsyncDisposable {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
}

export async function startSessionBus(dbusDaemon: string): Promise<SessionBus> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-bus-'));
  const configFile = join(folder, 'session.conf');
  await writeFile(configFile, configurationFor(folder));
  const daemon = spawn(
    dbusDaemon,
    [`--config-file=${configFile}`, '--nofork', '--nopidfile', '--print-address=1'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(daemon, 'exit');
  // A test run that is broken off leaves nothing behind.
  const killDaemon = (): void => void daemon.kill();
  process.once('exit', killDaemon);
  let complaints = '';
  daemon.stderr.on('data', (text) => {
    complaints += text;
  });
  const address = await Promise.race([
    once(createInterface(daemon.stdout), 'line').then(([line]) => String(line)),
    exited.then(() => undefined),
  ]);
  if (address === undefined) throw new Error(`dbus-daemon ended at once: ${complaints}`);
  return {
    address,
    async [Symbol.asyncDispose]() {
      daemon.kill();
      await exited;
      process.off('exit', killDaemon);
      await rm(folder, { recursive: true });
    },
  };
}

function configurationFor(folder: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}
