// Types of authorization details that an API understands. Auth0 knows their names; words and schema are of the tenant file.
import { AUTH0_DETAIL_TYPE_PREFIX } from 'assent/contract';
import { type FormEvent, useId, useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Icon } from '../../../ui/icons.tsx';
import { fill } from '../../../ui/prose.tsx';
import { Link, navigate, useAddress } from '../../address.tsx';
import { Card, Failure } from '../fields.tsx';
import { useAttempt } from '../tenant-context.tsx';
import { type Api, nameOfApi, useApiChange, useIsApiChanged } from './api-details.tsx';

export type DetailType = Api['authorization_details'][number];

const texts = tenantTexts.types;

export function DetailTypes({ api, shown }: { api: Api; shown: string | undefined }) {
  const { page } = useAddress();
  const isChanged = useIsApiChanged(api);
  return (
    <Card title={texts.title} anchor="detail-types">
      {api.authorization_details.length === 0 ? <p className="sec-note">{texts.none}</p> : null}
      {api.authorization_details.map((type) => {
        const isTypeChanged = isChanged(({ authorization_details: types }) =>
          types.find((one) => one.type === type.type),
        );
        return (
          <div
            key={type.type}
            className={[
              'r',
              ...(isTypeChanged ? ['r--chg'] : []),
              ...(type.type === shown ? ['r--on'] : []),
            ].join(' ')}
          >
            <span className="r-words">
              <Link
                to={{ page, item: api.identifier, query: { type: type.type } }}
                aria-current={type.type === shown ? 'true' : undefined}
              >
                <code>{type.type}</code>
              </Link>
              <small>{describe(type)}</small>
            </span>
            <WordingTag type={type} />
          </div>
        );
      })}
      <NewType api={api} />
    </Card>
  );
}

function isOfAuth0(type: string): boolean {
  return type.startsWith(AUTH0_DETAIL_TYPE_PREFIX);
}

function describe(type: DetailType): string {
  const own = type.schema === undefined ? [] : [texts.ownSchema];
  if (isOfAuth0(type.type)) return [texts.auth0Schema, ...own].join(' · ');
  if (type.display === undefined) return [...own, texts.plain].join(' · ');
  const { action, amount, to, preposition } = type.display;
  const words = [
    action ?? type.name ?? '…',
    ...(amount === undefined ? [] : ['…']),
    ...(to === undefined ? [] : [preposition, '…']),
  ];
  return [...own, fill(texts.worded, { words: words.join(' ') })].join(' · ');
}

function WordingTag({ type }: { type: DetailType }) {
  const isWorded = isOfAuth0(type.type) || type.display !== undefined || type.name !== undefined;
  return (
    <span className={isWorded ? 'tag tag--approve' : 'tag tag--info'}>
      <Icon name={isWorded ? 'approve' : 'info'} />
      {isWorded ? texts.hasWords : texts.noWords}
    </span>
  );
}

function NewType({ api }: { api: Api }) {
  const id = useId();
  const { page } = useAddress();
  const change = useApiChange(api);
  const attempt = useAttempt();
  const [type, setType] = useState('');
  const register = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const name = type.trim();
    const isDone = await attempt.run(() => {
      if (api.authorization_details.some((one) => one.type === name))
        return Promise.reject(new Error(fill(texts.twice, { type: name })));
      const types = [...api.authorization_details.map((one) => ({ type: one.type })), { type: name }];
      return change(
        'authorization_details',
        types,
        fill(texts.registered, { type: name, name: nameOfApi(api) }),
      );
    });
    if (!isDone) return;
    setType('');
    navigate({ page, item: api.identifier, query: { type: name } });
  };
  return (
    <form className="add" onSubmit={(event) => void register(event)} noValidate>
      <span className="add-field add-field--wide">
        <label htmlFor={id}>{texts.type}</label>
        <input
          id={id}
          className="inp"
          value={type}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={attempt.failure !== undefined}
          aria-describedby={`${id}-why`}
          onChange={({ target }) => setType(target.value)}
        />
      </span>
      <button type="submit" className="btn btn--s" aria-busy={attempt.isBusy}>
        {texts.register}
      </button>
      <Failure failure={attempt.failure} id={`${id}-why`} />
    </form>
  );
}
