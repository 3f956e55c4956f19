// A form that makes a new thing. Each finding of the server stands beside the field that it names; the others under the form.
import { useEffect, useId, useRef, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import type { Choice } from './fields.tsx';
import { Failure } from './fields.tsx';
import { useAttempt } from './tenant-context.tsx';

interface FieldPlan {
  /** Of the member that is sent, as the server names it when it refuses. */
  name: string;
  label: string;
  hint?: string;
  choices?: readonly Choice[];
  initial?: string;
  type?: 'password' | 'email';
}

interface CreateFormProps {
  title: string;
  fields: readonly FieldPlan[];
  submit: string;
  onSubmit(values: Readonly<Record<string, string>>): Promise<unknown>;
  onCancel(): void;
}

/** Focuses its first field: it opens because somebody asked for it. */
export function CreateForm({ title, fields, submit, onSubmit, onCancel }: CreateFormProps) {
  const id = useId();
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      fields.map(({ name, initial, choices }) => [name, initial ?? choices?.[0]?.value ?? '']),
    ),
  );
  const attempt = useAttempt();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, []);
  const at = fieldOf(attempt.failure, fields);
  return (
    <form
      ref={form}
      className="sec create"
      aria-labelledby={`${id}-title`}
      noValidate
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Not also the way back to the list.
        event.stopPropagation();
        event.preventDefault();
        onCancel();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt.run(() => onSubmit(values));
      }}
    >
      <div className="sec-head">
        <h2 id={`${id}-title`}>{title}</h2>
      </div>
      <div className="create-body">
        {fields.map(({ name, label, hint, choices, type = 'text' }) => {
          const field = `${id}-${name}`;
          const isWrong = at === name;
          const shared = {
            id: field,
            className: 'inp',
            value: values[name] ?? '',
            'aria-invalid': isWrong,
            'aria-describedby': `${field}-hint ${field}-why`,
            onChange: ({ target }: { target: { value: string } }) =>
              setValues((earlier) => ({ ...earlier, [name]: target.value })),
          };
          return (
            <div className="create-field" key={name}>
              <label htmlFor={field}>{label}</label>
              {choices === undefined ? (
                <input {...shared} type={type} autoComplete="off" spellCheck={false} />
              ) : (
                <select {...shared}>
                  {choices.map((choice) => (
                    <option key={choice.value} value={choice.value}>
                      {choice.name}
                    </option>
                  ))}
                </select>
              )}
              {hint === undefined ? null : <small id={`${field}-hint`}>{hint}</small>}
              {isWrong ? <Failure failure={attempt.failure} id={`${field}-why`} /> : null}
            </div>
          );
        })}
        {attempt.failure !== undefined && at === undefined ? <Failure failure={attempt.failure} /> : null}
        <div className="acts">
          <button type="submit" className="btn btn--s btn--main" aria-busy={attempt.isBusy}>
            {submit}
          </button>
          <button type="button" className="btn btn--s" onClick={onCancel}>
            {texts.cancel}
          </button>
        </div>
      </div>
    </form>
  );
}

/** Which field a refusal is about, as Auth0's validator says it: "… on property identifier." */
function fieldOf(failure: unknown, fields: readonly FieldPlan[]): string | undefined {
  if (failure === undefined) return undefined;
  const text = explainFailure(failure);
  const [, named] =
    / on property ([\w-]+)/.exec(text) ?? /Missing required property: ([\w-]+)/.exec(text) ?? [];
  const found =
    fields.find(({ name }) => name === named) ?? fields.find(({ name }) => text.includes(`same ${name}`));
  return found?.name;
}
