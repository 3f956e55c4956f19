// The final configuration and who decided each value: how the server was started, by its run file; and the tenant, by asking
// what it is now and what it began with.
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  CONTROL_API,
  type StartSetting,
  tenantConfigSchema,
  tenantFileSchema,
} from '../../contract/index.ts';
import { isJsonObject } from '../../json-object.ts';
import { alignColumns } from '../columns.ts';
import { type Paint, showText } from '../output.ts';
import type { RunningServer } from '../running-server.ts';

export interface Setting {
  /** Of the server as a whole, or of the tenant file. */
  of: 'server' | 'tenant';
  name: string;
  value: unknown;
  /** `start`: it was started with that, and nobody here knows from where. */
  origin: StartSetting['origin'] | 'file' | 'start' | 'run time';
  /** Option, variable or file. */
  by?: string | undefined;
}

/** What a start lays over the tenant file, and the options that do. */
const LAID_OVER: Readonly<Record<string, readonly string[]>> = {
  'ciba.interval': ['interval', 'quick-answers'],
  'ciba.held_poll': ['held-poll', 'quick-answers'],
};

/** Lists of things with a name, of which the names are shown. */
const NAMES: Readonly<Record<string, string>> = {
  clients: 'client_id',
  resource_servers: 'identifier',
  client_grants: 'client_id',
  connections: 'name',
  roles: 'name',
  users: 'user_id',
  rules: 'id',
};

/** @param startSettings of the run file; undefined where that is not here */
export async function readSettings(
  { transport }: RunningServer,
  startSettings: readonly StartSetting[] | undefined,
): Promise<Setting[]> {
  const read = async (of: 'now' | 'start') => {
    const path = `${CONTROL_API}/tenant?format=json&secrets=false&of=${of}`;
    return transport.call({ path }, tenantFileSchema);
  };
  const [now, start] = await Promise.all([read('now'), read('start')]);
  const server = (startSettings ?? []).map((setting) => ({ ...setting, of: 'server' as const }));
  return [...server, ...judgeTenant(now, start, startSettings)];
}

type TenantFile = Readonly<Record<string, unknown>>;

function judgeTenant(
  now: TenantFile,
  start: TenantFile,
  startSettings: readonly StartSetting[] | undefined,
): Setting[] {
  // Without its secrets a file may be incomplete; then its defaults are left out.
  const whole = tenantConfigSchema.safeParse(now);
  const [current, began] = [flatten(now), flatten(start)];
  const all = new Map([...(whole.success ? flatten({ ...whole.data }) : []), ...current]);
  const origin = beginningOf(startSettings);
  return [...all].map(([name, value]) => {
    const laidOver = startSettings?.find(
      (one) => LAID_OVER[name]?.includes(one.name) && one.origin !== 'default',
    );
    if (laidOver) return { ...laidOver, of: 'tenant', name, value };
    if (!isDeepStrictEqual(current.get(name), began.get(name)))
      return { of: 'tenant', name, value, origin: 'run time' };
    return current.has(name)
      ? { of: 'tenant', name, value, ...origin }
      : { of: 'tenant', name, value, origin: 'default' };
  });
}

/** Where the tenant comes from that the server began with. */
function beginningOf(startSettings: readonly StartSetting[] | undefined): Pick<Setting, 'origin' | 'by'> {
  const config = startSettings?.find(({ name }) => name === 'config');
  if (!config) return { origin: 'start' };
  const by = String(config.value);
  return by === 'the bank' ? { origin: 'default', by } : { origin: 'file', by };
}

/** `ciba.interval` → 5. What tools keep here is no setting, and may be anything. */
function flatten(value: TenantFile, path = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([name, member]): Array<[string, unknown]> => {
      const full = path === '' ? name : `${path}.${name}`;
      if (name === 'unimitated' || name === '$schema') return [];
      if (isJsonObject(member)) return [...flatten(member, full)];
      return [[full, member]];
    }),
  );
}

/** What is as by default is counted, unless somebody decided it. */
export function formatSettings(settings: readonly Setting[], paint: Paint): string {
  const shown = settings.filter(
    ({ of, origin, by }) => of === 'server' || origin !== 'default' || by !== undefined,
  );
  const rows = shown
    .filter(({ value }) => !(Array.isArray(value) && value.length === 0))
    .map(
      (setting) =>
        [setting.name, shorten(describeValue(setting)), ['quiet', describeOrigin(setting)]] as const,
    );
  const rest = settings.length - shown.length;
  return [
    `  ${paint('title', 'Configuration')}`,
    ...(rows.length === 0 ? [] : [alignColumns(rows, paint, '    ')]),
    ...(rest === 0
      ? []
      : [`    ${paint('quiet', `${rest} more are as by default; --format json lists them`)}`]),
  ].join('\n');
}

function describeValue({ name, value }: Setting): string {
  const key = NAMES[name];
  if (key === undefined || !Array.isArray(value))
    return typeof value === 'string' ? value : JSON.stringify(value);
  const names = value.map((one) => (isJsonObject(one) ? String(one[key] ?? '?') : '?'));
  return [...new Set(names)].join(', ');
}

const MOST_CHARACTERS = 60;

function shorten(text: string): string {
  const safe = showText(text);
  return safe.length > MOST_CHARACTERS ? `${safe.slice(0, MOST_CHARACTERS - 1)}…` : safe;
}

function describeOrigin({ origin, by }: Setting): string {
  switch (origin) {
    case 'default':
      return by ?? 'default';
    case 'file':
    case 'flag':
    case 'environment':
      return by === undefined ? origin : basename(by);
    case 'start':
      return 'as started';
    case 'run time':
      return 'changed at run time';
  }
}
