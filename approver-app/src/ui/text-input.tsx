// A labelled line of text with a hint or an error under it.
import { useEffect, useId, useRef } from 'react';

interface TextInputProps {
  label: string;
  value: string;
  hint?: string;
  error?: string | undefined;
  maxLength: number;
  /** Takes the focus when it appears. */
  takesFocus?: boolean;
  onChange(value: string): void;
}

export function TextInput(props: TextInputProps) {
  const { label, value, hint, error, maxLength, takesFocus = false, onChange } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  const tips = [
    { id: `${id}-hint`, className: 'tip', text: hint },
    { id: `${id}-error`, className: 'tip tip--error', text: error },
  ].filter(({ text }) => text !== undefined);
  return (
    <div className="text-input">
      <label htmlFor={id}>{label}</label>
      <input
        ref={input}
        id={id}
        value={value}
        maxLength={maxLength}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={tips.length === 0 ? undefined : tips.map((tip) => tip.id).join(' ')}
        onChange={({ target }) => onChange(target.value)}
      />
      {tips.map((tip) => (
        <span key={tip.id} id={tip.id} className={tip.className}>
          {tip.text}
        </span>
      ))}
    </div>
  );
}
