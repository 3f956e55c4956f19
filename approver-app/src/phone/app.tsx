// Decides between pairing and the paired app, and owns the session of the person who is here.
import type { Device, People } from 'assent/contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { createPublicClient, type PublicClient } from '../api/approver-client.ts';
import { type ApproverSession, openApproverSession } from '../api/approver-session.ts';
import type { Pairing } from '../api/device-key.ts';
import { chooseDevice, forgetPairing, loadPairings, renamePairing } from '../api/pairings.ts';
import { createServerClock, type ServerClock } from '../api/server-clock.ts';
import { type Notifications, openNotifications, releaseUnused } from '../push/notifications.ts';
import { onNotificationTap, type WorkerInstallation } from '../push/worker-registration.ts';
import { InboxScreen, useArrivals } from './inbox.tsx';
import {
  DevicesScreen,
  EnrolScreen,
  MailboxScreen,
  MailScreen,
  NotificationsScreen,
  PairingScreen,
  PairPhoneScreen,
  PeopleSheet,
  SettingsScreen,
} from './later-screens.ts';
import { NotificationsContext, useReRegistration } from './notifications-context.tsx';
import { RequestRoute } from './request-route.tsx';
import { navigate, openPath, useRoute } from './route.tsx';
import { SessionContext, useSnapshot } from './session-context.tsx';
import { useTicket } from './ticket-address.ts';

type Person = People['people'][number];
type Worker = Promise<WorkerInstallation>;

/** How a pairing can end: the server lost it, or somebody removed it. */
type EndOfPairing = 'forgotten' | 'removed';

interface Enrolment {
  all: readonly Pairing[];
  current: Pairing | undefined;
}

export function App({ worker }: { worker: Worker }) {
  const clock = useMemo(() => createServerClock(), []);
  const client = useMemo(() => createPublicClient(clock), [clock]);
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [pairingFor, setPairingFor] = useState<Person>();
  const [ended, setEnded] = useState<EndOfPairing>();
  const [ticket, dropTicket] = useTicket();
  /** Whoever opened this browser to be paired at once wants to be notified in it as well. */
  const [turnsNotificationsOn, setTurnsNotificationsOn] = useState(false);

  const reload = useCallback(async () => {
    const found = await loadPairings();
    setPairingFor(undefined);
    setEnrolment(found);
  }, []);
  useEffect(() => void reload(), [reload]);
  useEffect(() => onNotificationTap(openPath), []);

  if (enrolment === undefined) return null;
  const { current, all } = enrolment;
  if (ticket !== undefined) {
    return (
      <EnrolScreen
        key={ticket}
        ticket={ticket}
        client={client}
        clock={clock}
        pairings={all}
        onPaired={(howLinked) => {
          setTurnsNotificationsOn(howLinked === 'at-once');
          dropTicket();
          navigate({ screen: 'inbox' });
          void reload();
        }}
        onLeave={dropTicket}
      />
    );
  }
  if (current === undefined || pairingFor !== undefined) {
    return (
      <PairingScreen
        client={client}
        clock={clock}
        reason={current === undefined ? ended : undefined}
        preselected={pairingFor}
        onPaired={() => void reload()}
        onCancel={current === undefined ? undefined : () => setPairingFor(undefined)}
      />
    );
  }
  return (
    <PairedApp
      key={current.deviceId}
      pairing={current}
      pairings={all}
      clock={clock}
      client={client}
      worker={worker}
      turnsNotificationsOn={turnsNotificationsOn}
      onPair={setPairingFor}
      onSwitch={(pairing) => {
        void chooseDevice(pairing.deviceId).then(reload);
      }}
      onEnded={(how) => {
        setEnded(how);
        void forgetPairing(current.deviceId)
          .then(() => releaseUnused(worker))
          .then(reload);
      }}
    />
  );
}

interface PairedAppProps {
  pairing: Pairing;
  pairings: readonly Pairing[];
  clock: ServerClock;
  client: PublicClient;
  worker: Worker;
  turnsNotificationsOn: boolean;
  onPair(person: Person): void;
  onSwitch(pairing: Pairing): void;
  onEnded(how: EndOfPairing): void;
}

/** What a paired device has for as long as it is shown. */
interface OpenDevice {
  session: ApproverSession;
  notifications: Notifications;
}

/** Opens the session when it appears and closes it when it goes; its key is the device, so a session never changes person. */
function PairedApp(props: PairedAppProps) {
  const { pairing, clock, worker, turnsNotificationsOn } = props;
  const [open, setOpen] = useState<OpenDevice>();
  useEffect(() => {
    const session = openApproverSession(pairing, clock);
    const notifications = openNotifications({ pairing, clock, worker });
    setOpen({ session, notifications });
    // Only where that was allowed before, so that nothing pops up by itself.
    if (turnsNotificationsOn && Notification.permission === 'granted') void notifications.turnOn();
    return () => {
      session.close();
      notifications.close();
    };
  }, [pairing, clock, worker, turnsNotificationsOn]);
  if (open === undefined) return null;
  return (
    <SessionContext value={open.session}>
      <NotificationsContext value={open.notifications}>
        <Screens {...props} />
      </NotificationsContext>
    </SessionContext>
  );
}

function Screens({ pairing, pairings, client, onPair, onSwitch, onEnded }: PairedAppProps) {
  const route = useRoute();
  const { phase } = useSnapshot();
  const [isChoosingPerson, setIsChoosingPerson] = useState(false);
  useArrivals();
  useReRegistration();
  const hasEnded = phase === 'forgotten' || phase === 'removed' ? phase : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it ends
  useEffect(() => {
    if (hasEnded !== undefined) onEnded(hasEnded);
  }, [hasEnded]);

  return (
    <>
      {route.screen === 'inbox' ? <InboxScreen onSwitchPerson={() => setIsChoosingPerson(true)} /> : null}
      {route.screen === 'request' ? (
        <RequestRoute id={route.id} pairings={pairings} onSwitch={onSwitch} />
      ) : null}
      {route.screen === 'settings' ? <SettingsScreen /> : null}
      {route.screen === 'notifications' ? <NotificationsScreen /> : null}
      {route.screen === 'devices' ? (
        <DevicesScreen onRenamed={(device: Device) => void renamePairing(pairing, device)} />
      ) : null}
      {route.screen === 'pair-phone' ? <PairPhoneScreen /> : null}
      {route.screen === 'mailbox' ? <MailboxScreen /> : null}
      {route.screen === 'mail' ? <MailScreen key={route.id} id={route.id} /> : null}
      {isChoosingPerson ? (
        <PeopleSheet
          client={client}
          pairings={pairings}
          onClose={() => setIsChoosingPerson(false)}
          onSwitch={onSwitch}
          onPair={onPair}
        />
      ) : null}
    </>
  );
}
