// Runs before each test file. A test that reaches beyond this computer fails at once and says where it wanted to go.
import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

/**
 * Reads the forms that net.connect takes: (options), (path), (port, host) and its own list of [options, callback].
 * @param {readonly unknown[]} parameters
 * @returns {{ host?: string, path?: string, lookup?: unknown }}
 */
function readDestination(parameters) {
  const [first, second] = parameters;
  if (Array.isArray(first)) return readDestination(first);
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return typeof second === 'string' ? { host: second } : {};
}

/** What this computer is called by others leads back to it. */
const OWN = new Set(
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
);

const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectOnThisComputer(...parameters) {
  const { host = 'localhost', path, lookup } = readDestination(parameters);
  // Whoever brings a lookup has said where the name leads: that is how tests reach a tenant's host name.
  if (path || lookup || LOOPBACK.test(host) || OWN.has(host)) return Reflect.apply(connect, this, parameters);
  process.nextTick(() =>
    this.destroy(new Error(`A test tried to reach ${host}. Tests stay on this computer.`)),
  );
  return this;
};
