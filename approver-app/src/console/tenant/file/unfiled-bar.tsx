// Says at the foot of each page that something lives only in memory, what, and the ways on: look at it, say that the file has it,
// or go back to the file.
import { CONTROL_API, type TenantConfig, tenantFileSchema } from 'assent/contract';
import { useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill, plural } from '../../../ui/prose.tsx';
import { Link, useAddress } from '../../address.tsx';
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx';
import { useSession } from '../../session/session-context.tsx';
import { Failure } from '../fields.tsx';
import { useAttempt, useTenant } from '../tenant-context.tsx';
import { changesBetween } from './file-changes.ts';

const texts = tenantTexts.unfiled;

export function UnfiledBar() {
  const { now, nowAsFile, fileAsFile } = useTenant();
  const session = useSession();
  const { page, item } = useAddress();
  const attempt = useAttempt();
  const [isAsking, setIsAsking] = useState(false);
  const { part, gone } = changesBetween(nowAsFile, fileAsFile, now);
  // Of one thing, a part may have changed and another be gone.
  const places = [
    ...new Set([...placesOf(part), ...gone.map(([list, name]) => [list, name].filter(Boolean).join(' '))]),
  ];
  if (places.length === 0) return null;
  const fileIt = () =>
    session.change({
      call: { method: 'POST', path: `${CONTROL_API}/tenant/filed`, body: {} },
      done: texts.filed,
    });
  const goBack = async (): Promise<unknown> => {
    const path = `${CONTROL_API}/tenant`;
    const now = await session.api.call({ path }, tenantFileSchema);
    const file = await session.api.call({ path: `${path}?of=file` }, tenantFileSchema);
    return session.change({
      call: { method: 'PUT', path, body: file },
      done: texts.wentBack,
      undo: { method: 'PATCH', path, body: now },
    });
  };
  return (
    <section className="save" aria-label={texts.region}>
      <span className="save-words">
        {plural(texts.count, places.length)} <b>{places.slice(0, MOST_NAMED).join(', ')}</b>
        {places.length > MOST_NAMED ? ' …' : ''}
        <Failure failure={attempt.failure} />
      </span>
      <span className="acts">
        <Link className="btn btn--s" to={{ page, item, query: { file: 'changes' } }}>
          {texts.show}
        </Link>
        <button type="button" className="btn btn--s" onClick={() => setIsAsking(true)}>
          {texts.goBack}
        </button>
        <button type="button" className="btn btn--s btn--main" onClick={() => void attempt.run(fileIt)}>
          {texts.fileIt}
        </button>
      </span>
      {isAsking ? (
        <ConfirmDialog
          title={texts.goBackQuestion}
          label={texts.goBack}
          keep={texts.keep}
          act={() => attempt.run(goBack)}
          onClose={() => setIsAsking(false)}
        >
          <p>{fill(texts.goBackLead, { places: places.join(', ') })}</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

const MOST_NAMED = 3;

type Named = Partial<Record<'client_id' | 'identifier' | 'user_id' | 'name' | 'audience', string>>;

/** What of the tenant the part is about: `clients aiya`, `guardian`. */
function placesOf(part: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(part as Partial<Record<keyof TenantConfig, unknown>>).flatMap(([list, things]) =>
    Array.isArray(things)
      ? things.map((thing: Named) => {
          const { client_id: client, identifier, user_id: user, name, audience } = thing;
          return [list, client ?? identifier ?? user ?? name, audience].filter(Boolean).join(' ');
        })
      : [list],
  );
}
