// On or off, at once: a check box of the platform under a drawn switch.

interface SwitchProps {
  label: string;
  isOn: boolean;
  describedBy: string;
  onChange(isOn: boolean): void;
}

export function Switch({ label, isOn, describedBy, onChange }: SwitchProps) {
  return (
    <label className="switch-row">
      <span>{label}</span>
      <input
        className="vh"
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a check box says by itself whether it is on
        role="switch"
        checked={isOn}
        aria-describedby={describedBy}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span className="switch" aria-hidden="true" />
    </label>
  );
}
