// What the pages of the configuration share: the picture of the tenant, one way to change it, and whether something is in the file.

import { CONTROL_API, tenantFileSchema } from 'assent/contract';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import type { ApiCall } from '../../desk/api.ts';
import { explainFailure } from '../../desk/api-failure.ts';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import { fill } from '../../ui/prose.tsx';
import { useSession } from '../session/session-context.tsx';
import type { TenantFile } from './file/file-changes.ts';
import { type TenantPicture, useTenantPicture } from './tenant-picture.ts';

const PictureContext = createContext<TenantPicture | undefined>(undefined);

/** Shows its children once the tenant is known. */
export function TenantProvider({ children }: { children: ReactNode }) {
  const { picture, failure, reload } = useTenantPicture();
  if (picture !== undefined) return <PictureContext value={picture}>{children}</PictureContext>;
  return (
    <main id="main" tabIndex={-1} className="work">
      <div className="pane" aria-busy={failure === undefined}>
        {failure === undefined ? (
          <p className="quiet">{texts.loading}</p>
        ) : (
          <div role="alert">
            <p>{fill(texts.failed, { why: explainFailure(failure) })}</p>
            <button type="button" className="btn btn--s" onClick={reload}>
              {texts.retry}
            </button>
          </div>
        )}
      </div>
    </main>
  );
}

export function useTenant(): TenantPicture {
  const picture = useContext(PictureContext);
  if (picture === undefined) throw new Error('useTenant needs a <TenantProvider> around it.');
  return picture;
}

export interface TenantChange {
  call: ApiCall;
  /** As a sentence, once it has happened. */
  done: string;
  /** A part of a tenant file that takes it back. */
  undo?: TenantFile | undefined;
}

/** Changes the tenant. Rejects with the words of the server, for the field that it is about. */
export function useChange(): (change: TenantChange) => Promise<unknown> {
  const session = useSession();
  return useCallback(
    ({ call, done, undo }) => session.change({ call, done, undo: undo && callOfPart(undo) }),
    [session],
  );
}

/**
 * Takes a thing away. What is to come back with it is read before, with its secrets, and kept for as long as the notice offers it.
 *
 * @param kept what of the tenant file goes with the thing
 */
export function useDeletion(): (
  change: Omit<TenantChange, 'undo'>,
  kept: (file: TenantFile) => TenantFile,
) => Promise<unknown> {
  const { api } = useSession();
  const change = useChange();
  return useCallback(
    async (deletion, kept) => {
      const file = await api.call({ path: `${CONTROL_API}/tenant` }, tenantFileSchema);
      return change({ ...deletion, undo: kept(file) });
    },
    [api, change],
  );
}

/** Lays a part of a tenant file over the tenant: what Auth0 has no call for. */
export function callOfPart(part: TenantFile): ApiCall {
  return { method: 'PATCH', path: `${CONTROL_API}/tenant`, body: part };
}

/** Whether a value is not as in the file. */
export function useIsChanged(): (value: (config: TenantPicture['now']) => unknown) => boolean {
  const { now, file } = useTenant();
  return (value) => JSON.stringify(value(now)) !== JSON.stringify(value(file));
}

/** Whether the file has nothing at all of a thing: then the thing is marked, and not each of its members. */
export function useIsUnfiled(find: (config: TenantPicture['now']) => unknown): boolean {
  return find(useTenant().file) === undefined;
}

/** Whether a member of a thing is not as in the file. @param find the thing in either picture */
export function useIsMemberChanged<Thing>(
  find: (config: TenantPicture['now']) => Thing | undefined,
): (value: (thing: Thing) => unknown) => boolean {
  const isChanged = useIsChanged();
  const isUnfiled = useIsUnfiled(find);
  return (value) =>
    !isUnfiled &&
    isChanged((config) => {
      const found = find(config);
      return found && value(found);
    });
}

export type ChangeMember<Thing> = (
  member: keyof Thing & string,
  value: unknown,
  done: string,
) => Promise<unknown>;

/**
 * PATCH of one member of a thing, with the way back.
 *
 * @param path of the thing in the Management API
 * @param partWith the part of a tenant file that gives the thing these members
 */
export function useMemberChange<Thing extends object>(
  thing: Thing,
  path: string,
  partWith: (members: Partial<Thing>) => TenantFile,
): ChangeMember<Thing> {
  const change = useChange();
  return (member, value, done) => {
    const before = thing[member];
    return change({
      call: { method: 'PATCH', path, body: { [member]: value } },
      done,
      undo: before === undefined ? undefined : partWith({ [member]: before } as unknown as Partial<Thing>),
    });
  };
}

interface Attempt {
  isBusy: boolean;
  failure: unknown;
  /** Runs it, unless one is running. True when it came to something. */
  run(action: () => Promise<unknown>): Promise<boolean>;
}

/** One thing that is tried: whether it is on its way, and why it came to nothing. */
export function useAttempt(): Attempt {
  const [state, setState] = useState<{ isBusy: boolean; failure: unknown }>(AT_REST);
  const isRunning = useRef(false);
  const run = useCallback(async (action: () => Promise<unknown>): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setState({ isBusy: true, failure: undefined });
    try {
      await action();
      setState(AT_REST);
      return true;
    } catch (failure) {
      setState({ isBusy: false, failure });
      return false;
    } finally {
      isRunning.current = false;
    }
  }, []);
  return { ...state, run };
}

const AT_REST = { isBusy: false, failure: undefined };
