import { ActionIcon, Group, Menu, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconBell,
  IconDeviceDesktop,
  IconFlask,
  IconHome,
  IconKey,
  IconLogout,
  IconMoon,
  IconPlayerPlay,
  IconSettings,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { Link, NavLink } from 'react-router';
import type { User } from '../../spec/api/session.ts';
import { send } from '../api/call.ts';
import { needsYouQuery } from '../api/queries.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import classes from './Shell.module.css';

const places: readonly {
  to: string;
  label: string;
  icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
}[] = [
  { to: '/', label: 'Home', icon: IconHome },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay },
  { to: '/needs-you', label: 'Needs you', icon: IconBell },
  { to: '/credentials', label: 'Credentials', icon: IconKey },
  { to: '/practice', label: 'Practice', icon: IconFlask },
  { to: '/settings', label: 'Settings', icon: IconSettings },
];

export function SideNav({ user }: { user: User }) {
  const client = useQueryClient();
  const waiting = useQuery(needsYouQuery).data?.length ?? 0;
  const refresh = () => void client.invalidateQueries({ queryKey: needsYouQuery.queryKey });
  useRunEvents((event) => {
    if (event.kind === 'run' && event.run.status !== 'running' && event.run.status !== 'queued') refresh();
  }, refresh);
  return (
    <nav className={classes.nav} aria-label="Main">
      <Link to="/" className={classes.brand} aria-label="Sluice, home" tabIndex={-1}>
        <img src="/favicon.svg" alt="" width={32} height={32} />
      </Link>
      {places.map(({ to, label, icon: Icon }) => {
        const count = to === '/needs-you' ? waiting : 0;
        return (
          <Tooltip key={to} label={label} position="right">
            <NavLink to={to} end={to === '/'} className={classes.link ?? ''}>
              <Icon size={22} aria-hidden />
              <span className="visually-hidden">{count > 0 ? `${label}, ${count} waiting` : label}</span>
              {count > 0 && (
                <span className={classes.count} aria-hidden>
                  {count > 99 ? '99+' : count}
                </span>
              )}
            </NavLink>
          </Tooltip>
        );
      })}
      <div className={classes.foot}>
        <SchemeMenu />
        <AccountMenu user={user} />
      </div>
    </nav>
  );
}

function SchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = [
    { value: 'light', label: 'Light', icon: IconSun },
    { value: 'dark', label: 'Dark', icon: IconMoon },
    { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
  ] as const;
  const Current = choices.find((choice) => choice.value === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon size={42} radius={10} aria-label="Colours">
          <Current size={21} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
          {choices.map(({ value, label, icon: Icon }) => (
            <Menu.RadioItem key={value} value={value}>
              <Group gap="xs">
                <Icon size={16} aria-hidden />
                {label}
              </Group>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function AccountMenu({ user }: { user: User }) {
  const signOut = async () => {
    await send('POST', '/api/auth/sign-out', { body: {} });
    window.location.assign('/sign-in');
  };
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon size={42} radius={10} aria-label={`Account of ${user.name}`}>
          <IconUserCircle size={22} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {user.name}
          </Text>
          {user.email} · {user.role}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
