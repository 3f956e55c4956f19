// Faults on purpose: a switch for each kind of trouble that a channel may have, and the others that somebody injected elsewhere.
import { CONTROL_API, type Fault } from 'assent/contract';
import { useId, useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Icon } from '../../../ui/icons.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { fill, plural } from '../../../ui/prose.tsx';
import { planOf as inputOf } from '../../frame/fault-strip.tsx';
import { useSession } from '../../session/session-context.tsx';
import { Card, Failure, SwitchRow } from '../fields.tsx';
import { useAttempt, useTenant } from '../tenant-context.tsx';
import {
  FAULT_SWITCHES,
  type FaultSettings,
  type FaultSwitch,
  findActive,
  planOf,
  settingsOf,
  switchOf,
  USUAL_SETTINGS,
} from './fault-plans.ts';

const texts = tenantTexts.faults;
const FAULTS = `${CONTROL_API}/faults`;

export function FaultSwitches() {
  const { faults } = useTenant();
  const shown = FAULT_SWITCHES.flatMap((name) => findActive(name, faults) ?? []);
  const others = faults.filter((fault) => !shown.includes(fault));
  return (
    <div>
      <Card
        title={texts.title}
        tone={faults.length > 0 ? 'fault' : undefined}
        action={
          faults.length === 0 ? null : (
            <span className="tag tag--danger">
              <Icon name="warning" />
              {plural(texts.active, faults.length)}
            </span>
          )
        }
      >
        {FAULT_SWITCHES.map((name) => (
          <OneFault key={name} name={name} fault={findActive(name, faults)} />
        ))}
        {others.map((fault) => (
          <OtherFault key={fault.id} fault={fault} />
        ))}
      </Card>
      <Notice tone="plain" icon="info">
        {texts.lead}
      </Notice>
    </div>
  );
}

function OneFault({ name, fault }: { name: FaultSwitch; fault: Fault | undefined }) {
  const session = useSession();
  const [draft, setDraft] = useState<FaultSettings>();
  const applying = useAttempt();
  const settings = draft ?? (fault === undefined ? USUAL_SETTINGS : settingsOf(fault));
  const inject = (): Promise<unknown> =>
    session.change({
      call: { method: 'POST', path: FAULTS, body: planOf(name, settings) },
      done: fill(texts.turnedOn, { fault: texts[name].name }),
      undo: (answer) =>
        typeof answer === 'object' && answer !== null && 'id' in answer
          ? { method: 'DELETE', path: `${FAULTS}/${String(answer.id)}` }
          : undefined,
    });
  const end = (active: Fault): Promise<unknown> =>
    session.change({
      call: { method: 'DELETE', path: `${FAULTS}/${active.id}` },
      done: fill(texts.turnedOff, { fault: texts[name].name }),
      undo: { method: 'POST', path: FAULTS, body: inputOf(active) },
    });
  /** The new one first: what is refused leaves everything as it was. */
  const apply = async (active: Fault): Promise<void> => {
    await inject();
    await session.api.open({ method: 'DELETE', path: `${FAULTS}/${active.id}` });
    setDraft(undefined);
  };
  return (
    <SwitchRow
      label={texts[name].name}
      hint={texts[name].hint}
      isOn={fault !== undefined}
      tone="fault"
      onChange={(isOn) => (isOn || fault === undefined ? inject() : end(fault))}
    >
      {fault === undefined && draft === undefined ? (
        <span className="r-more">
          <button
            type="button"
            className="btn btn--s btn--plain"
            aria-label={fill(texts.setName, { fault: texts[name].name })}
            onClick={() => setDraft(settings)}
          >
            {texts.set}
          </button>
        </span>
      ) : (
        <Settings
          name={name}
          settings={settings}
          onChange={setDraft}
          apply={
            fault === undefined || draft === undefined ? undefined : () => applying.run(() => apply(fault))
          }
          failure={applying.failure}
        />
      )}
    </SwitchRow>
  );
}

interface SettingsProps {
  name: FaultSwitch;
  settings: FaultSettings;
  onChange(settings: FaultSettings): void;
  /** There while something was changed of a fault that is active. */
  apply: (() => Promise<unknown>) | undefined;
  failure: unknown;
}

function Settings({ name, settings, onChange, apply, failure }: SettingsProps) {
  const { now } = useTenant();
  const id = useId();
  const usesTime = name === 'late' || name === 'slow';
  return (
    <form
      className="ff"
      aria-label={fill(texts.settingsOf, { fault: texts[name].name })}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void apply?.();
      }}
    >
      {name === 'slow' ? null : (
        <label htmlFor={`${id}-on`}>
          {texts.way}
          <select
            id={`${id}-on`}
            className="inp"
            value={settings.on}
            onChange={({ target }) =>
              onChange({ ...settings, on: target.value === 'email' ? 'email' : 'push' })
            }
          >
            <option value="push">{texts.push}</option>
            <option value="email">{texts.email}</option>
          </select>
        </label>
      )}
      {usesTime ? (
        <label htmlFor={`${id}-seconds`}>
          {texts.seconds}
          <input
            id={`${id}-seconds`}
            className="inp"
            inputMode="decimal"
            value={settings.seconds}
            onChange={({ target }) => onChange({ ...settings, seconds: target.value })}
          />
        </label>
      ) : null}
      <label htmlFor={`${id}-chance`}>
        {texts.chance}
        <input
          id={`${id}-chance`}
          className="inp"
          inputMode="decimal"
          value={settings.chance}
          onChange={({ target }) => onChange({ ...settings, chance: target.value })}
        />
      </label>
      <label htmlFor={`${id}-client`}>
        {texts.client}
        <select
          id={`${id}-client`}
          className="inp"
          value={settings.clientId}
          onChange={({ target }) => onChange({ ...settings, clientId: target.value })}
        >
          <option value="">{texts.anyClient}</option>
          {now.clients.map(({ client_id: clientId, name: clientName }) => (
            <option key={clientId} value={clientId}>
              {clientName}
            </option>
          ))}
        </select>
      </label>
      {apply === undefined ? null : (
        <button type="submit" className="btn btn--s btn--main">
          {texts.apply}
        </button>
      )}
      <Failure failure={failure} />
    </form>
  );
}

function OtherFault({ fault }: { fault: Fault }) {
  const session = useSession();
  const attempt = useAttempt();
  const isTwice = switchOf(fault) !== undefined;
  return (
    <div className="r">
      <span className="r-words">
        <b>{fault.text}</b>
        <small>
          {fill(isTwice ? texts.earlier : texts.elsewhere, { id: fault.id, count: fault.applied })}
        </small>
        <Failure failure={attempt.failure} />
      </span>
      <button
        type="button"
        className="btn btn--s"
        aria-label={fill(texts.turnOffName, { fault: fault.text })}
        onClick={() =>
          void attempt.run(() =>
            session.change({
              call: { method: 'DELETE', path: `${FAULTS}/${fault.id}` },
              done: fill(texts.turnedOff, { fault: fault.text }),
              undo: { method: 'POST', path: FAULTS, body: inputOf(fault) },
            }),
          )
        }
      >
        {texts.turnOff}
      </button>
    </div>
  );
}
