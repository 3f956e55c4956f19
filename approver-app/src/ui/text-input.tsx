// A labelled line of text with a hint or an error under it.
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';

interface TextInputProps {
  label: string;
  value: string;
  hint?: string;
  error?: string | undefined;
  maxLength: number;
  autoFocus?: boolean;
  onChange(value: string): void;
}

export function TextInput({
  label,
  value,
  hint,
  error,
  maxLength,
  autoFocus = false,
  onChange,
}: TextInputProps) {
  return (
    <TextField
      className="text-input"
      value={value}
      onChange={onChange}
      maxLength={maxLength}
      autoFocus={autoFocus}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input />
      {hint === undefined ? null : <Text slot="description">{hint}</Text>}
      <FieldError>{error}</FieldError>
    </TextField>
  );
}
