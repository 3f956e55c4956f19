// Adds a person by the Management API, as a tool would.
import { DATABASE_CONNECTION, MANAGEMENT_PATH } from 'assent/contract';
import { type FormEvent, useId, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { navigate } from '../address.tsx';
import { useSession } from '../session/session-context.tsx';

const { people: texts } = consoleTexts;
const FIELDS = ['name', 'email', 'password'] as const;

export function AddPersonDialog({ onClose }: { onClose(): void }) {
  const session = useSession();
  const [failure, setFailure] = useState<string>();
  const id = useId();
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const values = Object.fromEntries(FIELDS.map((field) => [field, String(form.get(field) ?? '').trim()]));
    const { name = '', email = '', password = '' } = values;
    try {
      const answer = await session.change({
        done: fill(texts.added, { name: name === '' ? email : name }),
        call: {
          method: 'POST',
          path: `${MANAGEMENT_PATH}/users`,
          body: { connection: DATABASE_CONNECTION, email, password, ...(name === '' ? {} : { name }) },
        },
        undo: (made) => {
          const userId = idOf(made);
          return userId === undefined
            ? undefined
            : { method: 'DELETE', path: `${MANAGEMENT_PATH}/users/${encodeURIComponent(userId)}` };
        },
      });
      onClose();
      navigate({ page: 'people', item: idOf(answer) });
    } catch (reason) {
      setFailure(explainFailure(reason));
    }
  };
  return (
    <DeskDialog title={texts.addTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void add(event)}>
        {FIELDS.map((field) => (
          <div className="text-input" key={field}>
            <label htmlFor={`${id}-${field}`}>{texts.form[field]}</label>
            <input
              id={`${id}-${field}`}
              name={field}
              className="inp"
              type={field === 'password' ? 'password' : 'text'}
              autoComplete="off"
              spellCheck={false}
              aria-describedby={`${id}-${field}-hint`}
            />
            <span className="field-hint" id={`${id}-${field}-hint`}>
              {texts.formHint[field]}
            </span>
          </div>
        ))}
        {failure === undefined ? null : (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
        <div className="acts">
          <button type="button" className="btn btn--s" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="btn btn--s btn--main">
            {texts.addSubmit}
          </button>
        </div>
      </form>
    </DeskDialog>
  );
}

function idOf(answer: unknown): string | undefined {
  return typeof answer === 'object' &&
    answer !== null &&
    'user_id' in answer &&
    typeof answer.user_id === 'string'
    ? answer.user_id
    : undefined;
}
