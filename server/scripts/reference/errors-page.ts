// docs/reference/errors.md: every code of a problem, what leads to it and the way out.
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { PROBLEM_TITLES } from '../../src/http/problem-responses.ts';
import { PROBLEM_CODES, Problem, type ProblemCode } from '../../src/problem.ts';
import { WARNING_CODES, WARNING_NAME, type WarningCode } from '../../src/warnings.ts';
import { formatTable } from './schema-tables.ts';

interface Explanation {
  /** HTTP statuses that it is answered with; none where only the command line meets it. */
  statuses?: string;
  cause: string;
  next: string;
}

/** A code without an entry does not compile. */
const EXPLANATIONS: Record<ProblemCode, Explanation> = {
  bad_request: {
    statuses: '400, 409',
    cause:
      'A body, query or header of the approver or control API is not as its page says, or a demo request could not be asked (409).',
    next: 'Read `detail` and `findings`: they name each member, what was received and what was expected.',
  },
  browser_failed: {
    cause:
      '`assent browser` found a program that cannot be run or ended at once, or there is no display for its window.',
    next: 'Read what the browser said, which is among the findings. `--headless` needs no display, `--path` names another program.',
  },
  browser_missing: {
    cause: '`assent browser` found no such browser, or `--path` names no program.',
    next: 'Install one, or name it with `--path`.',
  },
  certificate_unusable: {
    cause:
      'A file under `tls` in the data folder is not what Assent wrote there, cannot be read, or the file of `ASSENT_CA` cannot.',
    next: 'Do what the hint says: have the files made anew, or name another file or folder. Programs that trusted an old authority need the new `ca.pem`.',
  },
  command_missing: {
    cause: '`assent exec` found no program of that name in PATH.',
    next: 'Look at the spelling; `assent exec -- npx NAME` finds one of the project.',
  },
  command_not_executable: {
    cause: 'The file that `assent exec` was to run is no program, or not one for this account.',
    next: '`chmod +x` it, or name the program that reads it: `assent exec -- node FILE`.',
  },
  config_invalid: {
    cause:
      'The tenant file has mistakes: an unknown or misspelt member, a wrong type, a name that refers to nothing, a setting that could never work.',
    next: 'Mend all findings, which carry line and column; see [configuration](configuration.md).',
  },
  config_unreadable: {
    cause: 'The tenant file does not exist, may not be read, or is neither YAML nor JSON.',
    next: 'Name the right file with `--config`, or leave it out to run the bank.',
  },
  control_token_invalid: {
    statuses: '401',
    cause:
      'The control API of this server needs a token, and the call brought none or another one: it comes from another computer, or the server was started with a token.',
    next: 'Send `Authorization: Bearer TOKEN`. The commands take it from `server.json` of the data folder, or from `ASSENT_CONTROL_TOKEN`.',
  },
  data_file_in_use: {
    cause: 'Another process, most likely another server, has the file of `--data` open.',
    next: 'Stop that server, or name another file with `--data`.',
  },
  data_file_unusable: {
    cause:
      'The file of `--data` is no data file of Assent, belongs to another tenant, was written by a newer version, is damaged, or may not be read and written.',
    next: 'Name another file with `--data`, or mend what the message says. A file that is not ours is never changed.',
  },
  data_folder_in_use: {
    cause: 'Another server runs with the same data folder.',
    next: 'Use that server, stop it, or start this one with `--data-folder` and `--port 0`.',
  },
  device_unknown: {
    statuses: '401',
    cause:
      'The device that signed was removed, or the server was started anew and has forgotten its devices.',
    next: 'Pair this browser again.',
  },
  file_exists: {
    cause: '`assent init` found a tenant file, perhaps one of another name, and writes over none.',
    next: 'Name another file with `--output`, or say `--force`.',
  },
  forbidden: {
    statuses: '403',
    cause:
      'A page of another origin, or a `Host` that this server does not know, called the approver or control API; or one device spoke for another.',
    next: 'Open the page under the address that the banner names. A host name of your own: `--issuer`, or `extra_host_names` in the tenant file. Programs send no `Origin`.',
  },
  method_not_allowed: {
    statuses: '405',
    cause: 'The path exists and does not answer this method.',
    next: 'Use a method of the header `Allow`.',
  },
  not_found: {
    statuses: '404',
    cause: 'The path, request, person, message or ticket does not exist, or has been forgotten.',
    next: 'Compare with the nearest path in the hint. Finished requests are remembered for `ciba.retention` seconds.',
  },
  not_ready: {
    statuses: '503',
    cause: 'The server is starting, or stopping.',
    next: 'Ask again in a moment; `GET /control/health` answers 200 when a request would succeed.',
  },
  output_unwritable: {
    cause: 'The result of a command could not be written to stdout.',
    next: 'Make room, or look at what stdout is connected to.',
  },
  passkey_invalid: {
    statuses: '400',
    cause:
      'What a passkey signed is wrong, was used before, came too late, or is about another request, device or server. Nothing was decided.',
    next: 'Ask for a challenge anew and let the passkey sign that one. A passkey that was lost: un-pair the device and pair it again.',
  },
  passkey_required: {
    statuses: '403',
    cause:
      'The tenant asks for a passkey to approve (`guardian.factors`), and the answer brought none, or the device has none yet. Nothing was decided.',
    next: 'Register one on this device, then approve with it. Denying needs none.',
  },
  passkey_unavailable: {
    statuses: '409',
    cause:
      'The tenant asks for no passkeys, the device has one already, or the call came under another address than the issuer’s, for which alone passkeys are made.',
    next: 'Open the app under the address of the hint. Under an IP address there are no passkeys: start with a host name as `--issuer`.',
  },
  port_in_use: {
    cause: 'Another program listens on the port.',
    next: 'Take the free port of the hint, or `--port 0`.',
  },
  port_not_allowed: {
    cause: 'This account may not listen on ports below 1024.',
    next: 'Take a port above 1023, or type what the hint says.',
  },
  profile_in_use: {
    cause: 'A browser has the folder of `assent browser --profile` open already.',
    next: 'Close that browser, or name another folder.',
  },
  proof_invalid: {
    statuses: '400, 401',
    cause: 'The signature of a device is missing, wrong, too old, used before, or about something else.',
    next: 'Set the clock of the device, or reckon with the `Date` header. Sign each call anew.',
  },
  scene_stuck: {
    statuses: '409, 504',
    cause:
      'A what if or an attack came to a stand in its own world: something that it waits for did not come (504), or the settings of the tenant gave it no token (409).',
    next: 'Play it again. If it stays so, look at what the tenant refuses to a request of the same kind.',
  },
  server_unreachable: {
    cause: 'A command found no server, or what answers is not Assent.',
    next: 'Start one with `assent`, or say where it runs: `ASSENT_URL`, and `ASSENT_CA` for its authority.',
  },
  signing_key_unusable: {
    cause: 'A key file in the data folder is not what Assent wrote there, or none can be written.',
    next: 'Remove the file that the message names, or take another `--data-folder`.',
  },
  snapshot_unusable: {
    statuses: '400, 409',
    cause:
      'What was sent is no snapshot, or one of another issuer, tenant, tenant file or version. Nothing has changed.',
    next: 'Restore it on a server like the one it was taken from: same issuer (and port), same tenant file, same version.',
  },
  store_unavailable: {
    statuses: '503',
    cause:
      'What the server keeps cannot be written or read right now: the disk is full, or the store is away.',
    next: 'Try again after `Retry-After`, and look first: it may have been done, or begun, unless the answer says that nothing has been done. A poll that was cut off may have spent its request; the next one says `invalid_grant` then. Whoever runs the server finds the reason in its log. OAuth endpoints say `temporarily_unavailable`.',
  },
  store_unusable: {
    cause:
      '`--store` names no Redis or Valkey that can be used: a wrong password, another program, keys of a newer Assent.',
    next: 'Do as the hint says; nothing was changed. The message shows the address without its password.',
  },
  too_large: {
    statuses: '413',
    cause: 'The body is larger than anything the approver and control APIs need.',
    next: 'Send less; the connection ends with this answer.',
  },
  unsupported_media_type: {
    statuses: '415',
    cause: 'The body is not JSON, or is compressed.',
    next: 'Send `Content-Type: application/json` and no `Content-Encoding`.',
  },
  usage: {
    cause: 'A command, an option or an environment variable is not usable as given.',
    next: 'Follow the hint; see [command line](command-line.md).',
  },
};

/** A code without an entry does not compile. */
const WARNINGS: Record<WarningCode, { when: string; next: string }> = {
  CLOCKS_DIFFER: {
    when: 'The clocks of this computer and of the store differ by more than five seconds.',
    next: 'Have all computers keep the same time (NTP): requests end by the clock of the server that is asked.',
  },
  DAMAGED_ENTRY: {
    when: 'An entry of the trace or of the tenant log cannot be read from the store. It is left out.',
    next: 'Nothing, if it was changed by hand; else look after the disk or the Redis.',
  },
  ENTRIES_LOST: {
    when: 'More waited for the store than is kept: it was away for long, took no writes or was too slow. The oldest entries of the trace, of the tenant log or of messages between instances were given up. Requests and decisions are never among them.',
    next: 'Look after the store. What happened meanwhile is missing from the story, and other instances may have learnt of it later.',
  },
  FAILED: {
    when: 'Something that nobody waits for could not be done, for the reason that the text gives.',
    next: 'What the text says. If the store was away just then, nothing.',
  },
  OTHER_AUTHORITY: {
    when: 'The data folder has another certificate authority than the other instances on this store.',
    next: 'Start with another `--data-folder`, or none: it takes theirs.',
  },
  OTHER_CONTROL_TOKEN: {
    when: 'The other instances on this store take another control token.',
    next: 'Give the same to all: `--control-token-file`. While a token is changed, one after another, it may be ignored.',
  },
  OTHER_TENANT_FILE: {
    when: 'The tenant file is not that of the last start, or of the other instances. It counts from now on.',
    next: 'Nothing, if it was changed on purpose. What the console, tools and people who signed up had changed is gone where the text says so.',
  },
  STORE_AVAILABLE: {
    when: 'The store can be used again.',
    next: 'Nothing.',
  },
  STORE_EVICTS: {
    when: 'The Redis drops documents when its memory is full.',
    next: 'Set `maxmemory-policy noeviction`.',
  },
  STORE_UNAVAILABLE: {
    when: 'The data file or the Redis cannot be used; the text says why. What needs it is answered 503.',
    next: 'Mend what the text names. Nothing has to be started again.',
  },
  TOO_MANY_CONNECTIONS: {
    when: 'More connections are open than the process may have files. New ones are turned away.',
    next: '`ulimit -n 20000` before it starts.',
  },
  UNEXPECTED: {
    when: 'Something failed that nobody foresaw; everything else goes on. The text has what it was and where.',
    next: 'Mend what the text names, such as a file that may not be written; else please report it, with the text.',
  },
};

export function writeErrorsPage(): string {
  return [
    '# Errors',
    '',
    'For whoever met one. The command line prints what happened and what to type, and ends with an',
    '[exit code](command-line.md#exit-codes). The approver and control APIs answer `application/problem+json` (RFC 9457)',
    'with `type`, `title`, `status`, `detail`, `code`, and `hint` and `findings` where there are any.',
    '',
    'The protocol endpoints (`/bc-authorize`, `/oauth/*`, `/userinfo`) answer OAuth errors instead, in Auth0’s words. Those',
    'that Auth0 does not document are settings: `ciba.errors` in the [tenant file](configuration.md). Why a request was',
    'refused is in the `hint` of its `request.refused` or `token.refused` [event](events.md).',
    '',
    ...PROBLEM_CODES.flatMap(describeCode),
    '## Warnings',
    '',
    'What nobody asked about and still has to be known, a running server says as warnings of its process. `assent start`, `class`',
    'and `exec` print them as lines of their log, on standard error; with `--format json` and `ndjson` as `{ "warning": { "at",',
    `"code", "message" } }\`. A program that runs the server in itself hears them by \`process.on('warning')\`: \`name\` is`,
    `\`${WARNING_NAME}\`, \`code\` one of these.`,
    '',
    formatTable(
      ['Code', 'When', 'What to do'],
      WARNING_CODES.map((code) => [`\`${code}\``, WARNINGS[code].when, WARNINGS[code].next]),
    ),
  ].join('\n');
}

function describeCode(code: ProblemCode): string[] {
  const { statuses, cause, next } = EXPLANATIONS[code];
  const rows = [
    ['Cause', cause],
    ['What to do', next],
    ...(statuses === undefined ? [] : [['HTTP status', statuses]]),
    ['Exit code', String(exitCodeOf(new Problem(code, '')))],
  ];
  return [`## ${code}`, '', formatTable([PROBLEM_TITLES[code], ''], rows), ''];
}
