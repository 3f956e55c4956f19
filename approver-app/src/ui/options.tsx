// One of several: radio buttons of the platform under drawn ones. Nothing is chosen before somebody chooses.
import { useId } from 'react';

interface OptionsProps<Value extends string> {
  label: string;
  /** How the label is drawn; `vh` where the options speak for themselves. */
  labelClass: 'h-sec' | 'vh';
  className?: string;
  options: readonly { value: Value; text: string }[];
  chosen: Value | undefined;
  onChoose(value: Value): void;
}

export function Options<Value extends string>(props: OptionsProps<Value>) {
  const { label, labelClass, className, options, chosen, onChoose } = props;
  const id = useId();
  return (
    <div
      className={className === undefined ? 'opts' : `opts ${className}`}
      role="radiogroup"
      aria-labelledby={id}
    >
      <span className={labelClass} id={id}>
        {label}
      </span>
      {options.map(({ value, text }) => (
        <label key={value} className="opt">
          <input
            className="vh"
            type="radio"
            name={id}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span className="radio" aria-hidden="true" />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}
