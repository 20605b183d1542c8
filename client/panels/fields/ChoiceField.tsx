import { Button, Combobox, Group, InputBase, Loader, Select, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { FieldProps } from '../form/field.ts';
import { useLoadedOptions } from './use-loaded-options.ts';

type Props = FieldProps & { readonly id: string };

/** One of fixed values, or one of what the service has, which can be typed over. */
export function ChoiceField(props: Props) {
  const { id, ui, value, required, onChange } = props;
  if (ui.load !== undefined) return <LoadedChoice {...props} />;
  return (
    <Select
      id={id}
      data={(ui.options ?? []).map((option) => ({ value: option.value, label: option.label }))}
      value={typeof value === 'string' ? value : null}
      placeholder={ui.placeholder ?? 'Choose'}
      clearable={!required && props.schema.default === undefined}
      allowDeselect={false}
      searchable={(ui.options?.length ?? 0) > 8}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function LoadedChoice(props: Props) {
  const { id, ui, value, onChange } = props;
  const text = typeof value === 'string' ? value : '';
  const [typed, setTyped] = useState<string>();
  const [search] = useDebouncedValue(typed ?? '', 250);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const loaded = useLoadedOptions(props, search, box.dropdownOpened || text !== '');
  const shown =
    typed === undefined ? loaded.options : loaded.options.filter((option) => fits(option.label, option.value, typed));
  const label = loaded.options.find((option) => option.value === text)?.label;
  const close = () => {
    setTyped(undefined);
    box.closeDropdown();
  };
  return (
    <Combobox
      store={box}
      onOptionSubmit={(chosen) => {
        onChange(chosen);
        close();
      }}
    >
      <Combobox.Target>
        <InputBase
          id={id}
          value={typed ?? label ?? text}
          placeholder={ui.placeholder ?? 'Choose or type'}
          rightSection={loaded.loading && box.dropdownOpened ? <Loader size={14} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onFocus={() => box.openDropdown()}
          onClick={() => box.openDropdown()}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value);
            box.openDropdown();
            box.selectFirstOption();
          }}
          onBlur={close}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
          {shown.map((option) => (
            <Combobox.Option key={option.value} value={option.value} active={option.value === text}>
              <Group justify="space-between" wrap="nowrap" gap="sm">
                <Text size="sm">{option.label}</Text>
                <Text size="xs" c="dimmed">
                  {option.help ?? option.type ?? (option.label === option.value ? '' : option.value)}
                </Text>
              </Group>
            </Combobox.Option>
          ))}
          <WhyEmpty loaded={loaded} count={shown.length} typed={typed} />
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Says why a list cannot be shown, or that it is empty. */
export function WhyEmpty({
  loaded,
  count,
  typed,
}: {
  loaded: ReturnType<typeof useLoadedOptions>;
  count: number;
  typed: string | undefined;
}) {
  if (loaded.needs) return <Combobox.Empty>{loaded.needs}</Combobox.Empty>;
  if (loaded.error) {
    return (
      <Combobox.Empty>
        <Text size="sm" c="var(--sluice-bad)">
          {loaded.error.message}
        </Text>
        <Text size="xs">{loaded.error.remedy} You can also type the name.</Text>
        <Button
          size="compact-xs"
          variant="default"
          mt={6}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => loaded.reload()}
        >
          Try again
        </Button>
      </Combobox.Empty>
    );
  }
  if (loaded.loading && count === 0) return <Combobox.Empty>Loading…</Combobox.Empty>;
  if (count > 0) return null;
  return (
    <Combobox.Empty>
      {typed ? `"${typed}" is not in the list; it is used as typed.` : 'There is nothing to choose.'}
    </Combobox.Empty>
  );
}

function fits(label: string, value: string, typed: string): boolean {
  const words = typed.toLowerCase();
  return label.toLowerCase().includes(words) || value.toLowerCase().includes(words);
}
