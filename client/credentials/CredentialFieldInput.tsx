import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type CredentialField, isNeeded } from './credential-form.ts';

interface Props {
  readonly field: CredentialField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly error: string | undefined;
  /** The server has a value for this secret. */
  readonly kept: boolean;
}

/** One field of a credential. Secrets are never shown; a blank one keeps its value. */
export function CredentialFieldInput({ field, value, onChange, error, kept }: Props) {
  const { ui, schema } = field;
  const common = {
    label: ui.label,
    description: ui.help,
    error,
    withAsterisk: isNeeded(field),
    placeholder: kept ? 'Kept. Fill in to replace it' : ui.placeholder,
  };
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
  // A key in PEM form has lines, which a password field would swallow.
  const hasLines = ui.placeholder?.startsWith('-----BEGIN') ?? false;
  if (ui.kind === 'switch') {
    return (
      <Switch
        label={ui.label}
        description={ui.help}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (ui.kind === 'number') {
    const bound = (name: string) => {
      const limit = schema[name];
      return typeof limit === 'number' ? limit : undefined;
    };
    const [min, max] = [bound('minimum'), bound('maximum')];
    return (
      <NumberInput
        {...common}
        {...(min === undefined ? {} : { min })}
        {...(max === undefined ? {} : { max })}
        allowDecimal={schema.type !== 'integer'}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    );
  }
  if (ui.kind === 'choice') {
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={(ui.options ?? []).map((option) => ({ value: option.value, label: option.label }))}
        value={text || null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (hasLines) {
    return (
      <Textarea
        {...common}
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (ui.secret) {
    return (
      <PasswordInput
        {...common}
        autoComplete="new-password"
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
