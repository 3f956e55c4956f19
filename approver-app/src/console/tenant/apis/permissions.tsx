// Permissions of an API: what a token may say that its bearer may do.
import { type FormEvent, useId, useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Icon } from '../../../ui/icons.tsx';
import { fill, plural } from '../../../ui/prose.tsx';
import { Card, Failure, Row } from '../fields.tsx';
import { useAttempt, useTenant } from '../tenant-context.tsx';
import { type Api, nameOfApi, useApiChange, useIsApiChanged } from './api-details.tsx';

const texts = tenantTexts.permissions;

export function Permissions({ api }: { api: Api }) {
  return (
    <Card title={texts.title}>
      {api.scopes.length === 0 ? <p className="sec-note">{texts.none}</p> : null}
      {api.scopes.map(({ value, description }) => (
        <Permission key={value} api={api} value={value} description={description} />
      ))}
      <NewPermission api={api} />
    </Card>
  );
}

function Permission({
  api,
  value,
  description,
}: {
  api: Api;
  value: string;
  description: string | undefined;
}) {
  const { now } = useTenant();
  const change = useApiChange(api);
  const isChanged = useIsApiChanged(api);
  const attempt = useAttempt();
  const holders = now.client_grants.filter(
    ({ audience, scope }) => audience === api.identifier && scope.includes(value),
  );
  return (
    <Row
      label={<code>{value}</code>}
      hint={description}
      isChanged={isChanged(({ scopes }) => scopes.find((scope) => scope.value === value))}
      failure={attempt.failure}
    >
      <span className="slot">
        <span className="quiet">
          {plural(texts.holders, new Set(holders.map(({ client_id: id }) => id)).size)}
        </span>
        <button
          type="button"
          className="btn btn--s btn--icon"
          aria-label={fill(texts.remove, { permission: value })}
          aria-busy={attempt.isBusy}
          onClick={() =>
            void attempt.run(() =>
              change(
                'scopes',
                api.scopes.filter((scope) => scope.value !== value),
                fill(texts.removed, { permission: value, name: nameOfApi(api) }),
              ),
            )
          }
        >
          <Icon name="deny" />
        </button>
      </span>
    </Row>
  );
}

function NewPermission({ api }: { api: Api }) {
  const id = useId();
  const change = useApiChange(api);
  const attempt = useAttempt();
  const [value, setValue] = useState('');
  const [description, setDescription] = useState('');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const added = {
      value: value.trim(),
      ...(description.trim() === '' ? {} : { description: description.trim() }),
    };
    const isDone = await attempt.run(() => {
      if (api.scopes.some((scope) => scope.value === added.value))
        return Promise.reject(new Error(fill(texts.twice, { permission: added.value })));
      return change(
        'scopes',
        [...api.scopes, added],
        fill(texts.added, { permission: added.value, name: nameOfApi(api) }),
      );
    });
    if (!isDone) return;
    setValue('');
    setDescription('');
  };
  return (
    <form className="add" onSubmit={(event) => void add(event)} noValidate>
      <span className="add-field">
        <label htmlFor={`${id}-value`}>{texts.value}</label>
        <input
          id={`${id}-value`}
          className="inp"
          value={value}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={attempt.failure !== undefined}
          aria-describedby={`${id}-why`}
          onChange={({ target }) => setValue(target.value)}
        />
      </span>
      <span className="add-field add-field--wide">
        <label htmlFor={`${id}-description`}>{texts.description}</label>
        <input
          id={`${id}-description`}
          className="inp"
          value={description}
          autoComplete="off"
          onChange={({ target }) => setDescription(target.value)}
        />
      </span>
      <button type="submit" className="btn btn--s" aria-busy={attempt.isBusy}>
        {texts.add}
      </button>
      <Failure failure={attempt.failure} id={`${id}-why`} />
    </form>
  );
}
