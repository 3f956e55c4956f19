// Rows of a form as the dashboard has them: a name, one sentence, and the control. A switch and a choice act at once; text is
// sent with its button. What the server refuses stands beside the field, and what was typed stays.
import { type ReactNode, useId, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import { Icon } from '../../ui/icons.tsx';
import { useAttempt } from './tenant-context.tsx';

export function Card({
  title,
  anchor,
  action,
  tone,
  children,
}: {
  title: string;
  /** By which the address leads here: `?at=grant-types`. */
  anchor?: string;
  action?: ReactNode;
  tone?: 'fault' | undefined;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      className={tone === 'fault' ? 'sec sec--fault' : 'sec'}
      aria-labelledby={id}
      data-anchor={anchor}
    >
      <div className="sec-head">
        <h2 id={id} tabIndex={anchor === undefined ? undefined : -1}>
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}

interface RowProps {
  label: ReactNode;
  labelId?: string;
  hint?: ReactNode;
  hintId?: string;
  /** Not as in the file. */
  isChanged?: boolean | undefined;
  /** Why it cannot be changed. */
  lock?: string | undefined;
  failure?: unknown;
  failureId?: string;
  children?: ReactNode;
}

export function Row({
  label,
  labelId,
  hint,
  hintId,
  isChanged,
  lock,
  failure,
  failureId,
  children,
}: RowProps) {
  return (
    <div className={isChanged ? 'r r--chg' : 'r'}>
      <div className="r-words">
        <b id={labelId}>{label}</b>
        {lock === undefined ? null : (
          <span className="tag">
            <Icon name="lock" />
            {lock}
          </span>
        )}
        {isChanged ? <ChangedTag /> : null}
        {hint === undefined ? null : <small id={hintId}>{hint}</small>}
        <Failure failure={failure} id={failureId} />
      </div>
      {children}
    </div>
  );
}

export function ChangedTag() {
  return (
    <span className="tag tag--pending">
      <Icon name="clock" />
      {texts.notInFile}
    </span>
  );
}

export function Failure({ failure, id }: { failure: unknown; id?: string | undefined }) {
  if (failure === undefined) return null;
  const hint = failure instanceof Error && 'hint' in failure ? failure.hint : undefined;
  return (
    <span className="field-error" role="alert" id={id}>
      <Icon name="warning" />
      <span>
        {explainFailure(failure)}
        {typeof hint === 'string' ? ` ${hint}` : ''}
      </span>
    </span>
  );
}

interface SwitchRowProps extends Pick<RowProps, 'hint' | 'isChanged' | 'lock'> {
  label: string;
  isOn: boolean;
  tone?: 'fault';
  onChange(isOn: boolean): Promise<unknown>;
  children?: ReactNode;
}

export function SwitchRow({ label, hint, isOn, isChanged, lock, tone, onChange, children }: SwitchRowProps) {
  const id = useId();
  const attempt = useAttempt();
  return (
    <>
      <Row
        label={label}
        labelId={id}
        hint={hint}
        hintId={`${id}-hint`}
        isChanged={isChanged}
        lock={lock}
        failure={attempt.failure}
        failureId={`${id}-why`}
      >
        <button
          type="button"
          className={tone === 'fault' ? 'switch switch--fault' : 'switch'}
          role="switch"
          aria-checked={isOn}
          aria-labelledby={id}
          aria-describedby={`${id}-hint ${id}-why`}
          aria-disabled={lock !== undefined}
          aria-busy={attempt.isBusy}
          onClick={() => {
            if (lock === undefined) void attempt.run(() => onChange(!isOn));
          }}
        />
      </Row>
      {children}
    </>
  );
}

export interface Choice {
  value: string;
  name: string;
}

interface SelectRowProps extends Pick<RowProps, 'hint' | 'isChanged' | 'lock'> {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange(value: string): Promise<unknown>;
}

export function SelectRow({ label, hint, value, choices, isChanged, lock, onChange }: SelectRowProps) {
  const id = useId();
  const attempt = useAttempt();
  return (
    <Row
      label={<label htmlFor={id}>{label}</label>}
      hint={hint}
      hintId={`${id}-hint`}
      isChanged={isChanged}
      lock={lock}
      failure={attempt.failure}
      failureId={`${id}-why`}
    >
      <select
        className="inp"
        id={id}
        value={value}
        aria-describedby={`${id}-hint ${id}-why`}
        aria-invalid={attempt.failure !== undefined}
        disabled={lock !== undefined}
        onChange={({ target }) => void attempt.run(() => onChange(target.value))}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface TextRowProps extends Pick<RowProps, 'hint' | 'isChanged' | 'lock'> {
  label: string;
  /** As it is now. */
  value: string;
  isLong?: boolean;
  inputMode?: 'numeric';
  /** Default: Save. */
  submit?: string;
  onSave(text: string): Promise<unknown>;
}

/** One text with its button, which is there once something was typed. */
export function TextRow({
  label,
  hint,
  value,
  isChanged,
  lock,
  isLong = false,
  inputMode,
  submit,
  onSave,
}: TextRowProps) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const attempt = useAttempt();
  const shared = {
    id,
    className: isLong ? 'inp inp--long' : 'inp',
    value: draft ?? value,
    'aria-describedby': `${id}-hint ${id}-why`,
    'aria-invalid': attempt.failure !== undefined,
    readOnly: lock !== undefined,
    spellCheck: false,
  };
  const isDirty = draft !== undefined && draft !== value;
  return (
    <form
      className={isLong ? 'r-form r-form--long' : 'r-form'}
      onSubmit={(event) => {
        event.preventDefault();
        if (isDirty) void attempt.run(() => onSave(draft)).then((isDone) => isDone && setDraft(undefined));
      }}
    >
      <Row
        label={<label htmlFor={id}>{label}</label>}
        hint={hint}
        hintId={`${id}-hint`}
        isChanged={isChanged}
        lock={lock}
        failure={attempt.failure}
        failureId={`${id}-why`}
      >
        <span className="slot">
          {isLong ? (
            <textarea
              {...shared}
              rows={Math.max(2, (draft ?? value).split('\n').length)}
              onChange={({ target }) => setDraft(target.value)}
            />
          ) : (
            <input {...shared} inputMode={inputMode} onChange={({ target }) => setDraft(target.value)} />
          )}
          {isDirty ? (
            <button type="submit" className="btn btn--s btn--main" aria-busy={attempt.isBusy}>
              {submit ?? texts.save}
              <span className="vh"> {label}</span>
            </button>
          ) : null}
        </span>
      </Row>
    </form>
  );
}
