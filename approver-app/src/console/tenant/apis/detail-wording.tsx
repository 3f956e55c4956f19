// The words of a type and the schema of its objects, as a form. What is typed is tried out at once, and kept with the button.
import { useId, useState } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Failure } from '../fields.tsx';
import { useAttempt } from '../tenant-context.tsx';
import type { DetailType } from './detail-types.tsx';

const texts = tenantTexts.wording;

const WORDS = ['action', 'amount', 'currency', 'preposition', 'to'] as const;
type Draft = Record<'name' | (typeof WORDS)[number] | 'labels' | 'schema', string>;

interface DetailWordingProps {
  type: DetailType;
  /** With every change that can be read. */
  onDraft(type: unknown): void;
  onSave(type: DetailType): Promise<unknown>;
}

export function DetailWording({ type, onDraft, onSave }: DetailWordingProps) {
  const id = useId();
  const [draft, setDraft] = useState<Draft>(() => draftOf(type));
  const attempt = useAttempt();
  const mistakes = { labels: mistakeIn(draft.labels), schema: mistakeIn(draft.schema) };
  const isReadable = mistakes.labels === undefined && mistakes.schema === undefined;
  const set = (name: keyof Draft, value: string): void => {
    const next = { ...draft, [name]: value };
    setDraft(next);
    if (mistakeIn(next.labels) === undefined && mistakeIn(next.schema) === undefined)
      onDraft(typeOf(type.type, next));
  };
  return (
    <form
      className="wording"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReadable) void attempt.run(() => onSave(typeOf(type.type, draft) as DetailType));
      }}
    >
      <h3 id={`${id}-title`}>{texts.title}</h3>
      {(['name', ...WORDS] as const).map((name) => (
        <div className="create-field" key={name}>
          <label htmlFor={`${id}-${name}`}>{texts[name].name}</label>
          <input
            id={`${id}-${name}`}
            className="inp"
            value={draft[name]}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-${name}-hint`}
            onChange={({ target }) => set(name, target.value)}
          />
          <small id={`${id}-${name}-hint`}>{texts[name].hint}</small>
        </div>
      ))}
      {(['labels', 'schema'] as const).map((name) => (
        <div className="create-field" key={name}>
          <label htmlFor={`${id}-${name}`}>{texts[name].name}</label>
          <textarea
            id={`${id}-${name}`}
            className="inp inp--code"
            rows={Math.min(14, draft[name].split('\n').length + 1)}
            value={draft[name]}
            spellCheck={false}
            aria-invalid={mistakes[name] !== undefined}
            aria-describedby={`${id}-${name}-hint ${id}-${name}-why`}
            onChange={({ target }) => set(name, target.value)}
          />
          <small id={`${id}-${name}-hint`}>{texts[name].hint}</small>
          {mistakes[name] === undefined ? null : (
            <Failure failure={new Error(mistakes[name])} id={`${id}-${name}-why`} />
          )}
        </div>
      ))}
      <Failure failure={attempt.failure} />
      <div className="acts">
        <button
          type="submit"
          className="btn btn--s btn--main"
          aria-busy={attempt.isBusy}
          aria-disabled={!isReadable}
        >
          {texts.save}
        </button>
      </div>
    </form>
  );
}

function draftOf({ name = '', display, schema }: DetailType): Draft {
  return {
    name,
    action: display?.action ?? '',
    amount: display?.amount ?? '',
    currency: display?.currency ?? '',
    preposition: display === undefined ? '' : display.preposition,
    to: display?.to ?? '',
    labels: Object.keys(display?.labels ?? {}).length === 0 ? '' : JSON.stringify(display?.labels, null, 2),
    schema: schema === undefined ? '' : JSON.stringify(schema, null, 2),
  };
}

/** Empty fields are left out, as they would be in a file. The server judges the rest. */
function typeOf(type: string, draft: Draft): object {
  const display = Object.fromEntries(
    WORDS.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, draft[name].trim()]])),
  );
  const labels = draft.labels.trim() === '' ? {} : { labels: JSON.parse(draft.labels) as unknown };
  const words = { ...display, ...labels };
  return {
    type,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(Object.keys(words).length === 0 ? {} : { display: words }),
    ...(draft.schema.trim() === '' ? {} : { schema: JSON.parse(draft.schema) as unknown }),
  };
}

function mistakeIn(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `${texts.noJson} ${error instanceof Error ? error.message : ''}`.trim();
  }
}
