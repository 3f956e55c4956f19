// The entry `assent/classroom`: many tenants side by side in one process, and the pages by which a class uses them.
// `assent class` uses the same call.

import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '../clock.ts';
import type { TenantConfigInput } from '../contract/index.ts';
import { createPlainDoor, provideAccess, refuseUnready } from '../http/index.ts';
import { createRandomIds } from '../ids.ts';
import { bankBeforeLab, type RunningAssent } from '../index.ts';
import { listen } from '../listen.ts';
import { isLoopback } from '../network-addresses.ts';
import { allowedHosts, findOwnNames, hostInUrl, urlOf } from '../own-names.ts';
import { Problem } from '../problem.ts';
import { provideCertificates } from '../tls/certificates.ts';
import { ClassFile, type ClassRecord, type PlaceRecord } from './class-file.ts';
import { type ClassNews, createClassroomApp } from './classroom-app.ts';
import { PlaceServers } from './place-servers.ts';
import { readName, type Seat, Seating } from './seating.ts';
import { TEXTS } from './texts.ts';

export type { ClassNews } from './classroom-app.ts';

/** What one computer carries. Beyond it, start a second class. */
const MOST_PLACES = 200;

export interface ClassOptions {
  /** How many tenants, 1 to 200. */
  places: number;
  /** The tenant that each begins with. Default: the bank before the lab, with nothing of asynchronous authorization enabled. */
  config?: TenantConfigInput;
  /** Address to listen on. Default 127.0.0.1: nobody else reaches the class. */
  host?: string;
  /** Name or address under which the room reaches this computer. Default: the likeliest address, if `host` opens it. */
  issuerHost?: string;
  /** Of the join page; the places have those after it. Default 0: any that are free, each time the same with `data`. */
  port?: number;
  /** Folder for certificates, which all places share. Default: a temporary one that `close()` removes. */
  dataFolder?: string;
  /** Folder that keeps names and tenants over a restart. Default: memory. */
  data?: string;
  /** Names that students may pick. Others may be typed. */
  names?: readonly string[];
  /** What the teacher shows. Default: none on loopback; else a new one, which other computers need. */
  teacherToken?: string;
  /** Told what students and teachers do. */
  onNews?: (news: ClassNews) => void;
}

export interface ClassPlace {
  readonly number: number;
  /** Of whoever sits there. */
  readonly name: string | undefined;
  /** Its tenant. Anew whenever the place was freed. @throws Problem `not_ready` while it begins anew */
  readonly assent: RunningAssent;
}

export interface RunningClass extends AsyncDisposable {
  /** Of the join page, without a slash at the end. The teacher's overview is at `/teacher`. */
  readonly url: string;
  /** Where the room reaches it, the likeliest address first. Empty unless `host` opens it. */
  readonly networkUrls: readonly string[];
  readonly ca: string;
  readonly caFile: string;
  /** Of the teacher, from another computer; undefined where nobody needs one. */
  readonly teacherToken: string | undefined;
  readonly places: readonly ClassPlace[];
  close(): Promise<void>;
}

/**
 * Starts a class, ready when this resolves.
 *
 * @throws Problem as `startAssent` does, and `usage` for a number of places, a name or a token that is none
 * @example
 * await using thirty = await startClass({ places: 30 });
 * console.log(thirty.url);
 */
export async function startClass(options: ClassOptions): Promise<RunningClass> {
  const { places: count, config = bankBeforeLab, host = '127.0.0.1', port = 0 } = options;
  checkOptions(options);
  const access = provideAccess(options.teacherToken, {
    host,
    name: 'The teacher’s token',
    hint: 'Make one:   openssl rand -hex 32',
    make: () => createRandomIds().make('', 43),
  });
  const file = options.data === undefined ? undefined : new ClassFile(options.data);
  const kept = await file?.read();
  requireRoom(kept, count);

  const undo: Array<() => Promise<void> | void> = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const step of undo.toReversed()) await step();
    })();
    return closing;
  };
  try {
    const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'assent-class-')));
    if (options.dataFolder === undefined) undo.push(() => rm(dataFolder, { recursive: true, force: true }));
    const names = findOwnNames({ host, issuer: undefined, extraHostNames: [] });
    const issuerHost = options.issuerHost ?? names.reachedBy.at(0);
    const hostNames = [...names.hostNames, ...(issuerHost === undefined ? [] : [issuerHost])];
    const certificates = await provideCertificates({
      folder: dataFolder,
      hostNames,
      clock: createSystemClock(),
    });

    let answer: RequestListener = (_request, response) => refuseUnready(response);
    const door = createPlainDoor({
      tenant: { displayName: OWNER },
      caPem: certificates.ca,
      goOn: { label: TEXTS.join.title, path: '/' },
    }).callback();
    const listening = await listen({
      host,
      port: port === 0 ? (kept?.port ?? 0) : port,
      certificate: certificates,
      listener: (request, response) => answer(request, response),
      plainListener: isLoopback(host) ? undefined : door,
    });
    undo.push(() => listening.close());
    const url = urlOf('https', host, listening.port);
    const networkUrls = [...new Set([issuerHost, ...names.reachedBy])]
      .filter((name) => name !== undefined && !isLoopback(name))
      .map((name) => `https://${hostInUrl(name ?? '')}:${listening.port}`);

    const servers = new PlaceServers({
      config,
      host,
      issuerHost,
      dataFolder,
      dataFileOf: (number) => file?.dataFileOf(number),
    });
    const seats: Seat[] = Array.from({ length: count }, (_, index) => {
      const record = recordOf(kept, index + 1);
      return { number: index + 1, name: record?.name, browsers: record?.browsers ?? [] };
    });
    const portOf = (number: number): number =>
      port === 0 ? (recordOf(kept, number)?.port ?? 0) : port + number;
    await servers.start(seats.map(({ number }) => ({ number, port: portOf(number) })));
    undo.push(() => servers.close());

    const seating = new Seating(seats, createRandomIds());
    const keep = async (): Promise<void> =>
      file?.write({
        port: listening.port,
        places: seats.map(({ number, name, browsers }) => ({
          number,
          port: servers.portOf(number),
          ...(name === undefined ? {} : { name }),
          browsers,
        })),
      });
    await keep();
    answer = createClassroomApp({
      owner: OWNER,
      seating,
      servers,
      names: options.names ?? [],
      url,
      networkUrl: networkUrls.at(0),
      ca: { pem: certificates.ca, file: certificates.caFile },
      access,
      allowedHosts: allowedHosts({ ...names, hostNames }, { host, port: listening.port, issuer: `${url}/` }),
      keep,
      tell: options.onNews ?? (() => undefined),
    }).callback();

    return {
      url,
      networkUrls,
      ca: certificates.ca,
      caFile: certificates.caFile,
      teacherToken: access?.token,
      get places() {
        return seats.map(({ number, name }) => ({
          number,
          name,
          get assent() {
            return servers.server(number);
          },
        }));
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const OWNER = 'Assent class';

function recordOf(kept: ClassRecord | undefined, number: number): PlaceRecord | undefined {
  return kept?.places.find((one) => one.number === number);
}

function checkOptions({ places, port = 0, names = [] }: ClassOptions): void {
  if (!Number.isInteger(places) || places < 1 || places > MOST_PLACES)
    throw new Problem(
      'usage',
      `Received ${places} places, expected a whole number from 1 to ${MOST_PLACES}.`,
      {
        hint: 'assent class 30',
      },
    );
  if (port + places > 65_535)
    throw new Problem('usage', `There are no ${places} ports after ${port}.`, {
      hint: 'Let it choose free ones:   assent class 30 --port 0',
    });
  for (const name of names) {
    if (readName(name) === undefined)
      throw new Problem('usage', `Received the name ${JSON.stringify(name)}. ${TEXTS.join.wrongName}`);
  }
}

/** Nobody loses a place because a class is started smaller. */
function requireRoom(kept: ClassRecord | undefined, count: number): void {
  const last = kept?.places.filter(({ name }) => name !== undefined).at(-1);
  if (last === undefined || last.number <= count) return;
  throw new Problem(
    'usage',
    `${last.name} sits at place ${last.number}, and ${count} places were asked for.`,
    {
      hint: `assent class ${last.number}`,
    },
  );
}
