// One person: how they can be reached, what they are asked, and how another device joins.
import { CONTROL_API, devicesSchema, MANAGEMENT_PATH } from 'assent/contract';
import { useState } from 'react';
import { z } from 'zod';
import { consoleTexts } from '../../texts/console.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { fill, plural } from '../../ui/prose.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { Link, navigate } from '../address.tsx';
import { ActButton, deskGlyph } from '../frame/act-button.tsx';
import { ConfirmDialog } from '../frame/confirm-dialog.tsx';
import { useRequests, useResource, useSession } from '../session/session-context.tsx';
import { DeviceList } from './device-list.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { filterOfPerson, type Person } from './people-page.tsx';

const { people: texts } = consoleTexts;
const NEWS = ['device.paired', 'device.removed', 'device.reachable', 'device.passkey_registered'] as const;
/** More are behind the link. */
const MOST_REQUESTS = 5;

const profileSchema = z.record(z.string(), z.unknown());

export function PersonDetail({ person }: { person: Person }) {
  const session = useSession();
  const [open, setOpen] = useState<'invite' | 'remove'>();
  const { user_id: id, name } = person;
  const devices = useResource(`${CONTROL_API}/devices?user_id=${encodeURIComponent(id)}`, devicesSchema, NEWS)
    .value?.devices;
  const profile = useResource(`${MANAGEMENT_PATH}/users/${encodeURIComponent(id)}`, profileSchema).value;
  const remove = () =>
    session.tryChange({
      done: fill(texts.removed, { name }),
      call: { method: 'DELETE', path: `${MANAGEMENT_PATH}/users/${encodeURIComponent(id)}` },
    });
  return (
    <>
      <div className="dh">
        <p className="id">
          <span className="mono">{id}</span>
        </p>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <div className="acts">
          <ActButton
            label={texts.ask}
            act={() =>
              session.tryChange({
                done: fill(texts.asked, { name }),
                call: { method: 'POST', path: `${CONTROL_API}/demo-request`, body: { user_id: id } },
              })
            }
          />
          <button type="button" className="btn btn--s" onClick={() => setOpen('invite')}>
            {deskGlyph('phone')}
            {texts.invite}
          </button>
          <BlockButton person={person} isBlocked={profile?.['blocked'] === true} />
          <button type="button" className="btn btn--s btn--danger" onClick={() => setOpen('remove')}>
            {texts.remove}
          </button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        <section>
          <h3>{texts.devicesTitle}</h3>
          {devices === undefined ? null : devices.length === 0 ? (
            <p>{fill(texts.noDevices, { name })}</p>
          ) : (
            <DeviceList devices={devices} />
          )}
        </section>
        <Asked person={person} />
        {profile === undefined ? null : (
          <section>
            <details>
              <summary>{texts.profile}</summary>
              <JsonView value={profile} />
            </details>
          </section>
        )}
      </div>
      {open === 'invite' ? <InviteDialog person={person} onClose={() => setOpen(undefined)} /> : null}
      {open === 'remove' ? (
        <ConfirmDialog
          title={fill(texts.removeTitle, { name })}
          label={fill(texts.removeName, { name })}
          keep={texts.keep}
          act={async () => {
            if (await remove()) navigate({ page: 'people' });
          }}
          onClose={() => setOpen(undefined)}
        >
          <p>{plural(texts.removeLead, person.devices)}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

/** Who is blocked is asked nothing. auth0: block a user. */
function BlockButton({ person, isBlocked }: { person: Person; isBlocked: boolean }) {
  const session = useSession();
  const path = `${MANAGEMENT_PATH}/users/${encodeURIComponent(person.user_id)}`;
  const call = (blocked: boolean) => ({ method: 'PATCH' as const, path, body: { blocked } });
  return (
    <ActButton
      label={isBlocked ? texts.unblock : texts.block}
      act={() =>
        session.tryChange({
          done: fill(isBlocked ? texts.unblocked : texts.blocked, { name: person.name }),
          call: call(!isBlocked),
          undo: call(isBlocked),
        })
      }
    />
  );
}

function Asked({ person }: { person: Person }) {
  const { all = [] } = useRequests();
  const own = all.filter(({ approver }) => approver.user_id === person.user_id);
  return (
    <section>
      <h3>{texts.requests}</h3>
      {own.length === 0 ? (
        <p>{fill(texts.noRequests, { name: person.name })}</p>
      ) : (
        <ul className="outcomes">
          {own.slice(0, MOST_REQUESTS).map((request) => (
            <li key={request.id}>
              <Link to={{ page: 'requests', item: request.name }}>
                {request.name} <bdi>{request.consent.summary}</bdi>
              </Link>
              <StateTag state={request.state} />
            </li>
          ))}
        </ul>
      )}
      {own.length > MOST_REQUESTS ? (
        <p>
          <Link to={{ page: 'requests', query: { q: filterOfPerson(person) } }}>
            {plural(texts.allRequests, own.length)}
          </Link>
        </p>
      ) : null}
    </section>
  );
}
