// What is held and for how much longer, in words.
import type { HeldExchange } from 'assent/contract';
import type { Run } from 'assent/sequence';
import { steppingTexts } from '../../texts/stepping.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import { countdownText, duration } from '../../ui/time-text.ts';

const { held: texts } = steppingTexts;

/** 0:42: how long so far, rounded down. */
export function heldTime(hold: HeldExchange, sinceReadMs: number): string {
  return countdownText(Math.floor((hold.held_ms + sinceReadMs) / 1000) * 1000);
}

/** Who waits for it, and until when. */
export function PatienceWords({ hold, sinceReadMs }: { hold: HeldExchange; sinceReadMs: number }) {
  const { waits, goes_on_in_ms: goesOnMs, gives_up_in_ms: givesUpMs } = hold;
  const time = countdownText((goesOnMs ?? givesUpMs ?? 0) - sinceReadMs);
  if (waits === undefined) return <Prose text={texts.nobodyWaits} />;
  const program = <bdi>{waits.program}</bdi>;
  if (goesOnMs !== undefined) {
    if (!waits.is_known) return <Prose text={texts.goesOnUnknown} values={{ program, time }} />;
    const patience = duration(waits.gives_up_after_ms ?? 0);
    return <Prose text={texts.goesOn} values={{ program, time, patience }} />;
  }
  return givesUpMs === undefined ? (
    <Prose text={texts.patient} values={{ program }} />
  ) : (
    <Prose text={texts.givesUp} values={{ program, time }} />
  );
}

/** "r7: the decision has arrived …", or whose new request it is. */
export function heldSubject({ name, arrow, client_id, binding_message }: HeldExchange): string {
  const request = name ?? fill(texts.newRequest, { client: client_id ?? '?', code: binding_message || '–' });
  return fill(texts.what, { request, what: steppingTexts.waiting[arrow] });
}

/** Until the request ends; undefined where it has ended, or nothing is known of its beginning. */
export function expiresAtMs(run: Run | undefined): number | undefined {
  if (run?.outcome !== 'pending') return undefined;
  const received = run.events.find((event) => event.type === 'request.received');
  return received === undefined ? undefined : Date.parse(received.at) + received.expires_in * 1000;
}
