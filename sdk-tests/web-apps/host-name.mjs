// Preloaded by `node --import`: this process reaches the host name of a tenant at a port of this computer, which is what
// a line in /etc/hosts and port 443 do elsewhere. Neither needs an administrator then. The SDK under test notices nothing:
// names in URLs, certificates and tokens stay what they are.
// ASSENT_HOST_NAME is the name, ASSENT_HOST_PORT the port.
import '../../scripts/refuse-internet.mjs';
import { Socket } from 'node:net';

const name = process.env['ASSENT_HOST_NAME'];
const port = Number(process.env['ASSENT_HOST_PORT']);

const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectToTenant(...parameters) {
  const [first] = parameters;
  // net.connect and tls.connect hand over [options, callback] as one list; others hand over the options themselves.
  const options = Array.isArray(first) ? first[0] : first;
  if (name !== undefined && options?.host === name && Number(options.port) === 443) {
    Object.assign(options, { host: '127.0.0.1', port });
  }
  return Reflect.apply(connect, this, parameters);
};
