// Takes a thing away, in two steps that name it. Where the copy that was taken before can bring it back, the notice offers that.
import { useEffect, useRef, useState } from 'react';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import { fill } from '../../ui/prose.tsx';
import { Failure } from './fields.tsx';
import { useAttempt } from './tenant-context.tsx';

interface DeleteButtonProps {
  name: string;
  /** What goes with it. */
  consequence: string;
  onDelete(): Promise<unknown>;
}

export function DeleteButton({ name, consequence, onDelete }: DeleteButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  const attempt = useAttempt();
  const confirm = useRef<HTMLButtonElement>(null);
  const begin = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) confirm.current?.focus();
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button ref={begin} type="button" className="btn btn--s btn--danger" onClick={() => setIsAsking(true)}>
        {fill(texts.remove.begin, { name })}
      </button>
    );
  }
  return (
    <fieldset
      className="confirm"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Not also the way back to the list.
        event.stopPropagation();
        event.preventDefault();
        setIsAsking(false);
      }}
    >
      <legend>{fill(texts.remove.question, { name })}</legend>
      <p>{consequence}</p>
      <Failure failure={attempt.failure} />
      <div className="acts">
        <button
          ref={confirm}
          type="button"
          className="btn btn--s btn--danger"
          aria-busy={attempt.isBusy}
          onClick={() => void attempt.run(onDelete)}
        >
          {fill(texts.remove.confirm, { name })}
        </button>
        <button type="button" className="btn btn--s" onClick={() => setIsAsking(false)}>
          {texts.remove.keep}
        </button>
      </div>
    </fieldset>
  );
}
