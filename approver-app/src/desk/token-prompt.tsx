// Asks for the control token, where the server wants one and this page has none that is good.
import { type FormEvent, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { deskTexts } from '../texts/desk.ts';
import { Prose } from '../ui/prose.tsx';
import type { Api } from './api.ts';

/** The state of the token, as a React value. */
export function useTokenWanted(api: Api): false | 'wanted' | 'wrong' {
  return useSyncExternalStore(api.watch, api.tokenWanted);
}

export function TokenPrompt({ api }: { api: Api }) {
  const wanted = useTokenWanted(api);
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  const error = isMissing ? deskTexts.token.missing : wanted === 'wrong' ? deskTexts.token.wrong : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    setIsMissing(token === '');
    if (token === '') field.current?.focus();
    else api.takeControlToken(token);
  };
  return (
    <main className="token-prompt">
      <form onSubmit={submit}>
        <h1>{deskTexts.token.title}</h1>
        <p>{deskTexts.token.lead}</p>
        <div className="text-input">
          <label htmlFor={id}>{deskTexts.token.label}</label>
          <input
            id={id}
            ref={field}
            type="password"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error !== undefined}
            aria-describedby={`${id}-hint ${id}-error`}
          />
          <span id={`${id}-error`} className="field-error" role="alert">
            {error}
          </span>
          <span id={`${id}-hint`} className="field-hint">
            <Prose text={deskTexts.token.hint} />
          </span>
        </div>
        <button type="submit" className="btn btn--main">
          {deskTexts.token.submit}
        </button>
      </form>
    </main>
  );
}
