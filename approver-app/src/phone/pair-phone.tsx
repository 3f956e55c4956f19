// Lets another phone join: a link that works once, as a QR code and to be copied, a code for both screens to agree on, and
// what became of it.
import type { EnrolmentTicket } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import { furtherTexts } from '../texts/phone-further.ts';
import { useCopy } from '../ui/copy-text.ts';
import { CountdownScale } from '../ui/countdown.tsx';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { Steps } from '../ui/steps.tsx';
import { useTicking } from '../ui/ticking.ts';
import { countdownText } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession } from './session-context.tsx';
import { useDevices } from './use-devices.ts';

/** For how long the app's tickets are good: the full length of the scale. */
const TICKET_LIFETIME_MS = 5 * 60_000;

export function PairPhoneScreen() {
  const session = useSession();
  const [ticket, setTicket] = useState<EnrolmentTicket | 'failed'>();
  const issue = useCallback(() => {
    setTicket(undefined);
    session.ticket().then(setTicket, () => setTicket('failed'));
  }, [session]);
  useEffect(issue, [issue]);
  if (ticket === 'failed') return <Ending heading={furtherTexts.pairPhone.failed} lead="" onAgain={issue} />;
  if (ticket === undefined) return <main className="scroll" aria-busy="true" />;
  return <OpenTicket key={ticket.ticket} ticket={ticket} onAgain={issue} />;
}

function OpenTicket({ ticket, onAgain }: { ticket: EnrolmentTicket; onAgain(): void }) {
  const { clock, pairing } = useSession();
  const [state] = useDevices();
  const [wasListed, setWasListed] = useState(false);
  const endsAtMs = Date.parse(ticket.expires_at);
  const leftMs = endsAtMs - useTicking(clock, endsAtMs);
  const device =
    state.phase === 'ready' ? state.devices.find(({ id }) => id === ticket.device_id) : undefined;
  const isListed = device !== undefined;
  useEffect(() => {
    if (isListed) setWasListed(true);
  }, [isListed]);

  if (device?.status === 'confirmed') {
    return (
      <Ending
        heading={<Prose text={furtherTexts.pairPhone.paired} values={{ device: <bdi>{device.name}</bdi> }} />}
        lead={
          <Prose text={furtherTexts.pairPhone.pairedLead} values={{ name: <bdi>{pairing.userName}</bdi> }} />
        }
        announcement={fill(furtherTexts.pairPhone.paired, { device: device.name })}
      />
    );
  }
  if (leftMs <= 0) {
    return (
      <Ending
        heading={furtherTexts.pairPhone.ended}
        lead={furtherTexts.pairPhone.endedLead}
        onAgain={onAgain}
      />
    );
  }
  if (wasListed && state.phase === 'ready' && !isListed) {
    return (
      <Ending
        heading={furtherTexts.pairPhone.cancelled}
        lead={furtherTexts.pairPhone.cancelledLead}
        onAgain={onAgain}
      />
    );
  }
  return <Invitation ticket={ticket} leftMs={leftMs} />;
}

function Invitation({ ticket, leftMs }: { ticket: EnrolmentTicket; leftMs: number }) {
  const { pairing } = useSession();
  const copy = useCopy();
  const heading = useArrivalFocus<HTMLHeadingElement>('pair-phone');
  const time = countdownText(leftMs);
  usePageTitle(furtherTexts.pairPhone.title);

  return (
    <>
      <header className="head">
        <div className="top">
          <BackToDevices />
          <span
            className="clock"
            role="timer"
            aria-live="off"
            aria-label={fill(furtherTexts.pairPhone.timeLeft, { time })}
          >
            <small>{furtherTexts.pairPhone.left}</small>
            <bdi>{time}</bdi>
          </span>
        </div>
        <CountdownScale leftMs={leftMs} totalMs={TICKET_LIFETIME_MS} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0}>
        <ConnectionNotice text="" />
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {furtherTexts.pairPhone.title}
        </h1>
        <QrCode text={ticket.url} label={fill(furtherTexts.pairPhone.qr, { name: pairing.userName })} />
        <Steps
          texts={
            ticket.trust_url === undefined
              ? furtherTexts.pairPhone.steps
              : [furtherTexts.pairPhone.trust, ...furtherTexts.pairPhone.steps]
          }
          values={{
            name: <bdi>{pairing.userName}</bdi>,
            url: <bdi className="mono">{ticket.trust_url}</bdi>,
            code: (
              <bdi className="mono strong" dir="ltr" data-testid="pairing-code">
                {ticket.code}
              </bdi>
            ),
          }}
        />
        <ReachOfLink url={new URL(ticket.url)} />
      </main>
      <footer className="foot">
        <button type="button" className="btn btn--wide" onClick={() => void copy(ticket.url)}>
          <Icon name="copy" />
          {furtherTexts.pairPhone.copy}
        </button>
      </footer>
    </>
  );
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Says so when a phone could not follow the link, or could not do anything there. */
function ReachOfLink({ url }: { url: URL }) {
  if (LOOPBACK.test(url.hostname)) {
    return (
      <Notice tone="pending" icon="warning">
        <Prose text={furtherTexts.pairPhone.loopback} values={{ host: url.host }} />
      </Notice>
    );
  }
  if (url.protocol === 'https:') return null;
  return (
    <Notice tone="pending" icon="warning">
      <Prose text={furtherTexts.pairPhone.plain} />
    </Notice>
  );
}

interface EndingProps {
  heading: React.ReactNode;
  lead: React.ReactNode;
  /** For those who look elsewhere when it arrives. */
  announcement?: string;
  onAgain?: (() => void) | undefined;
}

function Ending({ heading, lead, announcement, onAgain }: EndingProps) {
  const announce = useAnnounce();
  const focus = useArrivalFocus<HTMLHeadingElement>('ending');
  usePageTitle(furtherTexts.pairPhone.title);
  useEffect(() => {
    if (announcement !== undefined) announce(announcement);
  }, [announcement, announce]);
  return (
    <>
      <header className="top">
        <BackToDevices />
      </header>
      <main className="scroll">
        <ConnectionNotice text="" />
        <div>
          <h1 className="title-l" tabIndex={-1} ref={focus}>
            {heading}
          </h1>
          <p className="intro">{lead}</p>
        </div>
      </main>
      <footer className="foot">
        {onAgain === undefined ? (
          <Link className="btn btn--wide" to={{ screen: 'devices' }}>
            {furtherTexts.pairPhone.toDevices}
          </Link>
        ) : (
          <button type="button" className="btn btn--main btn--wide btn--tall" onClick={onAgain}>
            {furtherTexts.pairPhone.again}
          </button>
        )}
      </footer>
    </>
  );
}

function BackToDevices() {
  return (
    <Link className="btn btn--plain" to={{ screen: 'devices' }}>
      <Icon name="back" />
      {furtherTexts.pairPhone.back}
    </Link>
  );
}
