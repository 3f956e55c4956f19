// The configuration as these pages show it: what the tenant is now, what its file has, and what only ids and devices tell.
import {
  CONTROL_API,
  type Device,
  devicesSchema,
  type Fault,
  faultsSchema,
  MANAGEMENT_API,
  MANAGEMENT_PATH,
  type TenantConfig,
  type TenantLock,
  tenantConfigSchema,
  tenantFileSchema,
  tenantLocksSchema,
} from 'assent/contract';
import { useEffect, useMemo } from 'react';
import { z } from 'zod';
import type { Resource } from '../../desk/live-resource.ts';
import { useLiveState, useResource } from '../session/session-context.tsx';
import type { TenantFile } from './file/file-changes.ts';

const grantsSchema = z.array(
  z.looseObject({
    id: z.string(),
    client_id: z.string(),
    audience: z.string(),
    subject_type: z.enum(['client', 'user']).optional(),
  }),
);
const providerSchema = z.looseObject({ provider: z.string() });

const DEVICE_NEWS = ['device.paired', 'device.removed', 'device.reachable'] as const;
const FAULT_NEWS = ['fault.injected', 'fault.ended'] as const;

export interface TenantPicture {
  issuer: string;
  /** Without secrets, with every default filled in. */
  now: TenantConfig;
  file: TenantConfig;
  /** The same two as they stand in a file, without what holds anyway. */
  nowAsFile: TenantFile;
  fileAsFile: TenantFile;
  locks: readonly TenantLock[];
  /** Ids of client grants, which a file may leave out, by `grantKey`. */
  grantIds: ReadonlyMap<string, string>;
  devices: readonly Device[];
  faults: readonly Fault[];
  pushProvider: string;
}

/** @returns the picture once all of it was read; until then why it could not be */
export function useTenantPicture(): { picture: TenantPicture | undefined; failure: unknown; reload(): void } {
  const issuer = useLiveState(({ health }) => health?.issuer);
  const now = useResource(`${CONTROL_API}/tenant?secrets=false`, tenantFileSchema);
  const file = useResource(`${CONTROL_API}/tenant?secrets=false&of=file`, tenantFileSchema);
  const locks = useResource(`${CONTROL_API}/tenant/locks`, tenantLocksSchema);
  const grants = useResource(`${MANAGEMENT_PATH}/client-grants`, grantsSchema);
  const devices = useResource(`${CONTROL_API}/devices`, devicesSchema, DEVICE_NEWS);
  const faults = useResource(`${CONTROL_API}/faults`, faultsSchema, FAULT_NEWS);
  const provider = useResource(
    `${MANAGEMENT_PATH}/guardian/factors/push-notification/selected-provider`,
    providerSchema,
  );
  const all: ReadonlyArray<Resource<unknown>> = [now, file, locks, grants, devices, faults, provider];
  const reload = (): void => {
    for (const resource of all) resource.reload();
  };
  useReloadOnReturn(reload);

  const nowConfig = useMemo(() => now.value && tenantConfigSchema.parse(now.value), [now.value]);
  const fileConfig = useMemo(() => file.value && tenantConfigSchema.parse(file.value), [file.value]);
  const grantIds = useMemo(() => idsOf(grants.value ?? [], issuer ?? ''), [grants.value, issuer]);
  const isThere = issuer !== undefined && all.every(({ value }) => value !== undefined);
  const failure = all.find((resource) => resource.failure !== undefined)?.failure;
  if (!isThere || !now.value || !file.value || !nowConfig || !fileConfig)
    return { picture: undefined, failure, reload };
  const picture: TenantPicture = {
    issuer,
    now: nowConfig,
    file: fileConfig,
    nowAsFile: now.value,
    fileAsFile: file.value,
    locks: locks.value?.locks ?? [],
    grantIds,
    devices: devices.value?.devices ?? [],
    faults: faults.value?.faults ?? [],
    pushProvider: provider.value?.provider ?? '',
  };
  return { picture, failure, reload };
}

export function grantKey(clientId: string, audience: string, subjectType: string): string {
  return JSON.stringify([clientId, audience, subjectType]);
}

function idsOf(grants: z.output<typeof grantsSchema>, issuer: string): ReadonlyMap<string, string> {
  const ownApi = MANAGEMENT_API.replace('{issuer}', issuer);
  return new Map(
    grants.map(({ id, client_id: clientId, audience, subject_type: subjectType = 'client' }) => [
      grantKey(clientId, audience === ownApi ? MANAGEMENT_API : audience, subjectType),
      id,
    ]),
  );
}

/** Tools and other pages change the tenant as well, and nothing tells of it. */
function useReloadOnReturn(reload: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it does is the same each time
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, []);
}
