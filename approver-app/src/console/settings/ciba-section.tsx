// How asynchronous authorization behaves: the members of `ciba` that a class or a test changes most, with the words of the
// configuration itself. What only a start can change is shown, with the reason.
import { CONTROL_API, tenantConfigSchema, tenantLocksSchema } from 'assent/contract';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { z } from 'zod';
import { explainFailure } from '../../desk/api-failure.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import { useIsConnected, useResource, useSession } from '../session/session-context.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;
const SHAPE = tenantConfigSchema.shape.ciba.unwrap().shape;
const MEMBERS = [
  'interval',
  'default_expiry',
  'push_expiry_limit',
  'held_poll',
  'requests_per_minute_per_user',
] as const;
type Member = (typeof MEMBERS)[number];

/** What is not as it is anyway. Others hold members that this page does not change. */
const fileSchema = z.object({ ciba: z.record(z.string(), z.unknown()).optional() });

export function CibaSection() {
  const file = useResource(`${CONTROL_API}/tenant?format=json&secrets=false`, fileSchema).value;
  const locks = useResource(`${CONTROL_API}/tenant/locks`, tenantLocksSchema).value?.locks ?? [];
  return (
    <SettingSection title={texts.ciba}>
      {file === undefined
        ? null
        : MEMBERS.map((member) => (
            <NumberRow
              key={member}
              member={member}
              value={SHAPE[member].parse(file.ciba?.[member])}
              locked={locks.find(({ path }) => path === `ciba.${member}`)?.why}
            />
          ))}
    </SettingSection>
  );
}

interface NumberRowProps {
  member: Member;
  value: number;
  /** Why it cannot be changed here. */
  locked: string | undefined;
}

function NumberRow({ member, value, locked }: NumberRowProps) {
  const session = useSession();
  const isConnected = useIsConnected();
  const [typed, setTyped] = useState(String(value));
  const [failure, setFailure] = useState<string>();
  const id = useId();
  useEffect(() => setTyped(String(value)), [value]);
  const isChanged = typed.trim() !== String(value);
  const callOf = (wanted: number) => ({
    method: 'PATCH' as const,
    path: `${CONTROL_API}/tenant`,
    body: { ciba: { [member]: wanted } },
  });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!isChanged || !isConnected || locked !== undefined) return;
    const wanted = Number(typed);
    if (typed.trim() === '' || Number.isNaN(wanted)) {
      setFailure(fill(texts.notNumber, { typed }));
      return;
    }
    session
      .change({
        done: fill(texts.saved, { member: `ciba.${member}`, value: wanted }),
        call: callOf(wanted),
        undo: callOf(value),
      })
      .then(
        () => setFailure(undefined),
        (reason: unknown) => setFailure(explainFailure(reason)),
      );
  };
  return (
    <form className={isChanged ? 'r r--chg' : 'r'} onSubmit={save} noValidate>
      <span>
        <label htmlFor={id}>{texts.members[member]}</label>
        <small id={`${id}-hint`}>
          <Prose text={SHAPE[member].description ?? ''} />
        </small>
        {locked === undefined ? null : (
          <small id={`${id}-lock`}>
            <Prose text={locked} />
          </small>
        )}
        {failure === undefined ? null : (
          <small className="field-error" id={`${id}-error`} role="alert">
            {failure}
          </small>
        )}
      </span>
      <span className="slot">
        <input
          id={id}
          className="inp"
          inputMode="decimal"
          value={typed}
          readOnly={locked !== undefined}
          aria-invalid={failure !== undefined}
          aria-describedby={`${id}-hint${locked === undefined ? '' : ` ${id}-lock`}`}
          onChange={(event) => setTyped(event.target.value)}
        />
        {isChanged ? (
          <button type="submit" className="btn btn--s btn--main" aria-disabled={!isConnected || undefined}>
            {texts.save}
          </button>
        ) : null}
      </span>
    </form>
  );
}
