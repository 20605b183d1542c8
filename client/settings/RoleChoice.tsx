import { Radio, Stack } from '@mantine/core';
import { type Role, roles } from '../../spec/api/permission.ts';
import { roleWords } from './role-words.ts';

interface Props {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
  /** Roles above it are not offered. */
  readonly most?: Role;
}

export function RoleChoice({ value, onChange, most = 'admin' }: Props) {
  const offered = roles.slice(0, roles.indexOf(most) + 1);
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange(role as Role)}>
      <Stack gap="xs" mt={6}>
        {offered.map((role) => (
          <Radio key={role} value={role} label={roleWords[role].label} description={roleWords[role].may} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
