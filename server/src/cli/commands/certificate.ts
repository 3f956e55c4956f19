// `assent certificate`: a certificate with which a client proves itself over mutual TLS, signed by the authority of the data folder.
// Needs no running server. On stdout: what the tenant file has to say of it.
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Problem } from '../../problem.ts';
import { type ClientCertificate, issueClientCertificate } from '../../tls/client-certificates.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { DATA_FOLDER, findRunFile } from '../run-file.ts';

export interface CertificateFlags {
  output: string;
  dataFolder?: string;
  format: 'text' | 'json';
}

export async function runCertificate(
  client: string,
  flags: CertificateFlags,
  { terminal, folder }: CommandContext,
): Promise<ExitCode> {
  const running = await findRunFile(folder, flags.dataFolder);
  const dataFolder = running?.folder ?? resolve(folder, flags.dataFolder ?? DATA_FOLDER);
  const made = await issueClientCertificate(dataFolder, { commonName: client });
  // Whatever a client is called, its files stay in the folder.
  const name = client.replaceAll(/[^\w.-]+/g, '-').replace(/^\.+/, '');
  const target = resolve(folder, flags.output);
  const files = { cert: join(target, `${name}.pem`), key: join(target, `${name}-key.pem`) };
  await write(files.key, made.key, 0o600);
  await write(files.cert, made.cert, 0o644);
  if (flags.format === 'json') {
    terminal.data(
      JSON.stringify({
        client_id: client,
        cert_file: files.cert,
        key_file: files.key,
        subject: made.subject,
        jwk: made.jwk,
      }),
    );
    return EXIT.fine;
  }
  const show = (path: string): string => relative(folder, path);
  terminal.note(
    `  Written: ${show(files.cert)} and its key ${show(files.key)}, signed by the authority in ${show(dataFolder)}`,
  );
  terminal.note('  In the tenant file:\n');
  terminal.data(describe(client, made));
  return EXIT.fine;
}

/** A part of a tenant file. RFC 8705 §2.1.2 and §3.4 name the members. */
function describe(client: string, { subject }: ClientCertificate): string {
  return [
    'clients:',
    `  - client_id: ${JSON.stringify(client)}`,
    '    token_endpoint_auth_method: tls_client_auth',
    `    tls_client_auth_subject_dn: ${JSON.stringify(subject)}`,
    '    tls_client_certificate_bound_access_tokens: true',
  ].join('\n');
}

async function write(file: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(file, text, { mode, flag: 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new Problem(
      'output_unwritable',
      isThere ? `${file} is there already.` : `${file} cannot be written.`,
      {
        hint: 'Name another folder: assent certificate CLIENT --output FOLDER',
        cause,
      },
    );
  }
}
