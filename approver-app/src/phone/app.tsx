// Decides between pairing and the paired app, and owns the session of the person who is here.
import type { People } from 'assent/contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { createPublicClient, type PublicClient } from '../api/approver-client.ts';
import { type ApproverSession, openApproverSession } from '../api/approver-session.ts';
import { chooseDevice, forgetPairing, loadPairings, type Pairing } from '../api/device-key.ts';
import { createServerClock, type ServerClock } from '../api/server-clock.ts';
import { InboxScreen, useArrivals } from './inbox.tsx';
import { PairingScreen } from './pairing.tsx';
import { PeopleSheet } from './people-sheet.tsx';
import { RequestRoute } from './request-route.tsx';
import { navigate, useRoute } from './route.tsx';
import { SessionContext, useSnapshot } from './session-context.tsx';
import { SettingsScreen } from './settings.tsx';

type Person = People['people'][number];

/** How a pairing can end: the server lost it, or somebody removed it. */
type EndOfPairing = 'forgotten' | 'removed';

interface Enrolment {
  all: readonly Pairing[];
  current: Pairing | undefined;
}

export function App() {
  const clock = useMemo(() => createServerClock(), []);
  const client = useMemo(() => createPublicClient(clock), [clock]);
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [pairingFor, setPairingFor] = useState<Person>();
  const [ended, setEnded] = useState<EndOfPairing>();

  const reload = useCallback(async () => {
    const found = await loadPairings();
    setPairingFor(undefined);
    setEnrolment(found);
  }, []);
  useEffect(() => void reload(), [reload]);

  if (enrolment === undefined) return null;
  const { current, all } = enrolment;
  if (current === undefined || pairingFor !== undefined) {
    return (
      <PairingScreen
        client={client}
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
      onPair={setPairingFor}
      onSwitch={(pairing) => {
        chooseDevice(pairing.deviceId);
        navigate({ screen: 'inbox' });
        void reload();
      }}
      onRenamed={() => void reload()}
      onEnded={(how) => {
        setEnded(how);
        void forgetPairing(current.deviceId).then(reload);
      }}
    />
  );
}

interface PairedAppProps {
  pairing: Pairing;
  pairings: readonly Pairing[];
  clock: ServerClock;
  client: PublicClient;
  onPair(person: Person): void;
  onSwitch(pairing: Pairing): void;
  onRenamed(): void;
  onEnded(how: EndOfPairing): void;
}

/** Opens the session when it appears and closes it when it goes; its key is the device, so a session never changes person. */
function PairedApp(props: PairedAppProps) {
  const { pairing, clock } = props;
  const [session, setSession] = useState<ApproverSession>();
  useEffect(() => {
    const opened = openApproverSession(pairing, clock);
    setSession(opened);
    return () => opened.close();
  }, [pairing, clock]);
  if (session === undefined) return null;
  return (
    <SessionContext value={session}>
      <Screens {...props} />
    </SessionContext>
  );
}

function Screens({ pairings, client, onPair, onSwitch, onRenamed, onEnded }: PairedAppProps) {
  const route = useRoute();
  const { phase } = useSnapshot();
  const [isChoosingPerson, setIsChoosingPerson] = useState(false);
  useArrivals();
  const hasEnded = phase === 'forgotten' || phase === 'removed' ? phase : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it ends
  useEffect(() => {
    if (hasEnded !== undefined) onEnded(hasEnded);
  }, [hasEnded]);

  return (
    <>
      {route.screen === 'inbox' ? <InboxScreen onSwitchPerson={() => setIsChoosingPerson(true)} /> : null}
      {route.screen === 'request' ? <RequestRoute id={route.id} /> : null}
      {route.screen === 'settings' ? <SettingsScreen client={client} onRenamed={onRenamed} /> : null}
      <PeopleSheet
        client={client}
        pairings={pairings}
        isOpen={isChoosingPerson}
        onClose={() => setIsChoosingPerson(false)}
        onSwitch={onSwitch}
        onPair={onPair}
      />
    </>
  );
}
