import { Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { CredentialType } from '../../spec/api/credential.ts';
import { CredentialIcon } from './CredentialIcon.tsx';
import classes from './Credentials.module.css';

/** What credentials are for whose titles alone do not say it. */
const purposes: Readonly<Record<string, string>> = { http: 'for HTTP requests', triggers: 'for incoming webhooks' };

/** Services by name first, then ways of signing in. */
function rank({ connector, practice }: CredentialType): number {
  if (practice) return 0;
  return connector in purposes ? 2 : 1;
}

interface Props {
  readonly types: readonly CredentialType[];
  readonly onChoose: (type: string) => void;
}

export function ChooseCredentialType({ types, onChoose }: Props) {
  const [search, setSearch] = useState('');
  const term = search.trim().toLowerCase();
  const found = types
    .filter(({ title, connector }) => `${title} ${connector}`.toLowerCase().includes(term))
    .toSorted((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, 'en'));
  return (
    <>
      <TextInput
        type="search"
        label="What do you want to connect?"
        placeholder="Search"
        data-autofocus
        leftSection={<IconSearch size={16} aria-hidden />}
        mb="sm"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes.types}>
        {found.map(({ type, title, connector, practice }) => (
          <li key={type}>
            <button type="button" className={classes.type} onClick={() => onChoose(type)}>
              <CredentialIcon type={type} connector={connector} />
              <span>{title}</span>
              <Text size="xs" c="dimmed" span ms="auto">
                {practice ? 'practice service built in' : (purposes[connector] ?? '')}
              </Text>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is called like that.
        </Text>
      )}
    </>
  );
}
