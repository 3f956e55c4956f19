// Channels: what became of the last messages on each way, and a test that goes that way.
import { CONTROL_API, type TraceEvent } from 'assent/contract';
import { useId, useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Icon } from '../../../ui/icons.tsx';
import { fill, plural } from '../../../ui/prose.tsx';
import { exactTime } from '../../../ui/time-text.ts';
import { Link } from '../../address.tsx';
import { useLiveState } from '../../session/session-context.tsx';
import { Card, Failure, Row } from '../fields.tsx';
import { useAttempt, useChange, useTenant } from '../tenant-context.tsx';

const texts = tenantTexts.channels;

type Delivery = Extract<TraceEvent, { type: 'notification.delivered' | 'notification.failed' }>;

export function Channels() {
  const { now, devices } = useTenant();
  const [chosen, setChosen] = useState<string>();
  const id = useId();
  const person = now.users.find(({ user_id: one }) => one === chosen) ?? now.users[0];
  const last = useLastDeliveries();
  const reached = devices.filter(({ status, push }) => status === 'confirmed' && push === 'web-push');
  const relayed = devices.filter(({ status, push }) => status === 'confirmed' && push === 'relay');
  const { provider, template } = now.email;
  const usesServer = provider?.enabled === true;
  return (
    <Card title={texts.ways}>
      {person === undefined ? null : (
        <div className="r">
          <span className="r-words">
            <label htmlFor={id}>
              <b>{texts.testFor}</b>
            </label>
            <small>{texts.testHint}</small>
          </span>
          <select
            className="inp"
            id={id}
            value={person.user_id}
            onChange={({ target }) => setChosen(target.value)}
          >
            {now.users.map(({ user_id: one, name }) => (
              <option key={one} value={one}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <Way
        name={texts.webPush}
        tag={reached.length > 0 ? texts.delivering : texts.noDevice}
        isGood={reached.length > 0}
        hint={[plural(texts.devices, reached.length), wordLast(last('push'))].join(' ')}
        test={person && { channel: 'guardian-push', userId: person.user_id, name: person.name }}
      />
      <Way
        name={texts.relay}
        tag={plural(texts.relayed, relayed.length)}
        isGood={relayed.length > 0}
        hint={[texts.relayHint, wordLast(last('inbox'))].join(' ')}
      />
      <Way
        name={texts.email}
        tag={template.enabled ? (usesServer ? texts.mailServer : texts.mailbox) : texts.templateOff}
        isGood={template.enabled}
        hint={[
          usesServer ? fill(texts.goesTo, { host: provider.host, port: provider.port }) : texts.staysHere,
          wordLast(last('email')),
        ].join(' ')}
        test={person && { channel: 'email', userId: person.user_id, name: person.name }}
      />
      <p className="sec-note">
        <Link to={{ page: 'mailbox' }}>{texts.toMailbox}</Link>
      </p>
    </Card>
  );
}

interface WayProps {
  name: string;
  tag: string;
  isGood: boolean;
  hint: string;
  test?: { channel: 'guardian-push' | 'email'; userId: string; name: string } | undefined;
}

function Way({ name, tag, isGood, hint, test }: WayProps) {
  const change = useChange();
  const attempt = useAttempt();
  const id = useId();
  return (
    <Row
      label={name}
      labelId={id}
      hint={
        <>
          <span className={isGood ? 'tag tag--approve' : 'tag tag--info'}>
            <Icon name={isGood ? 'approve' : 'info'} />
            {tag}
          </span>{' '}
          {hint}
        </>
      }
    >
      {test === undefined ? null : (
        <span className="slot slot--wrap">
          <button
            type="button"
            className="btn btn--s"
            aria-describedby={id}
            aria-busy={attempt.isBusy}
            onClick={() =>
              void attempt.run(() =>
                change({
                  call: {
                    method: 'POST',
                    path: `${CONTROL_API}/demo-request`,
                    body: { user_id: test.userId, channel: test.channel },
                  },
                  done: fill(texts.sent, { name: test.name, way: name }),
                }),
              )
            }
          >
            {texts.sendTest}
          </button>
          <Failure failure={attempt.failure} />
        </span>
      )}
    </Row>
  );
}

/** The last outcome on a way, as far as the story that is loaded here goes back. */
function useLastDeliveries(): (channel: string) => Delivery | undefined {
  const events = useLiveState((state) => state.events);
  return (channel) =>
    events.findLast(
      (event): event is Delivery =>
        (event.type === 'notification.delivered' || event.type === 'notification.failed') &&
        event.channel === channel,
    );
}

function wordLast(event: Delivery | undefined): string {
  if (event === undefined) return texts.nothingYet;
  return fill(event.type === 'notification.delivered' ? texts.lastGood : texts.lastBad, {
    time: exactTime(Date.parse(event.at)),
  });
}
