// The promise of the README, as a test: `npm start` prints `Ready.`, and the lab beside it passes.
// Both run as a person would run them; only the port is left to chance. Stopping npm must stop the server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const LIMIT_MS = 15 * 60_000;

// A group of its own, so that nothing of it is left when something goes wrong.
const server = spawn('npm', ['start', '--', '--port', '0'], {
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
});
const stopAll = () => {
  try {
    process.kill(-server.pid, 'SIGTERM');
  } catch {
    // It is gone already, which is what was wanted.
  }
};
const limit = setTimeout(() => {
  console.error(`npm start and the lab took more than ${LIMIT_MS / 60_000} minutes.`);
  stopAll();
  process.exit(1);
}, LIMIT_MS);

await new Promise((resolve, reject) => {
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      output += text;
      if (/^ *Ready\./m.test(output)) resolve();
    });
  }
  server.once('exit', (code) => reject(new Error(`npm start ended with ${code} before it was ready.`)));
});

const lab = spawn('npm', ['run', 'lab', '--', '--script'], { stdio: ['ignore', 'inherit', 'inherit'] });
const [code] = await once(lab, 'exit');
server.kill('SIGTERM');
// The pipes close when the last process that holds them has ended: the server.
await once(server, 'close');
clearTimeout(limit);
process.exit(code ?? 1);
