import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: the water behind the gate. Shades 6 to 9 carry white text at 4.5:1 or more. */
const water: MantineColorsTuple = [
  '#eaf5f8',
  '#d5e9ef',
  '#a9d3e0',
  '#78bbcf',
  '#4fa3bc',
  '#3090ad',
  '#1b7d99',
  '#0f6b85',
  '#0a5a71',
  '#064458',
];

/** Neutral with a breath of blue, so that dark surfaces sit with the accent. */
const dark: MantineColorsTuple = [
  '#d8dce1',
  '#b9bfc7',
  '#a0a8b2',
  '#717a85',
  '#3d444d',
  '#31373f',
  '#252a31',
  '#1b1f24',
  '#15181c',
  '#0f1114',
];

/** Soft surfaces of notices and badges in the app's own tones, which keep 4.5:1 in light and dark. */
const tones: Readonly<Record<string, string>> = {
  red: 'bad',
  orange: 'warn',
  yellow: 'warn',
  green: 'good',
  gray: 'quiet',
};

function tone(color: unknown): string {
  return tones[String(color)] ?? 'busy';
}

export const theme = createTheme({
  primaryColor: 'water',
  primaryShade: { light: 7, dark: 6 },
  colors: { water, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '600' },
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 320 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Loader: { defaultProps: { role: 'status' } },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { description: { color: 'var(--mantine-color-dimmed)' } },
    },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Alert: {
      vars: (_: unknown, { color }: { color?: unknown }) => ({
        root: { '--alert-bg': `var(--sluice-${tone(color)}-soft)`, '--alert-color': `var(--sluice-${tone(color)})` },
      }),
    },
    Badge: {
      defaultProps: { tt: 'none', variant: 'light' },
      vars: (_: unknown, { color }: { color?: unknown }) => ({
        root: { '--badge-bg': `var(--sluice-${tone(color)}-soft)`, '--badge-color': `var(--sluice-${tone(color)})` },
      }),
    },
    Menu: { defaultProps: { shadow: 'md' } },
    Popover: { defaultProps: { shadow: 'md' } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
  },
});

/** Mantine's defaults for quiet text fall below 4.5:1; these do not. Surfaces of the app are named here once. */
export const cssVariables: CSSVariablesResolver = (t) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#59626c',
    '--mantine-color-placeholder': '#68727d',
    '--mantine-color-error': t.colors.red[9],
    '--mantine-color-anchor': t.colors.water?.[8] ?? '#0a5a71',
    '--sluice-page': '#f6f8f9',
    '--sluice-surface': '#ffffff',
    '--sluice-raised': '#ffffff',
    '--sluice-sunken': '#eef2f4',
    '--sluice-line': '#dde3e8',
    '--sluice-line-strong': '#8b96a1',
    '--sluice-canvas': '#f3f6f8',
    '--sluice-dot': '#cdd6dd',
    '--sluice-accent-text': '#0a5a71',
    '--sluice-note': '#fdf7e0',
    '--sluice-note-line': '#e6d9a8',
    '--sluice-note-text': '#4a4225',
    '--sluice-good': '#1e7a3c',
    '--sluice-bad': '#b42323',
    '--sluice-warn': '#8a5a00',
    '--sluice-busy': '#0f6b85',
    '--sluice-quiet': '#59626c',
    '--sluice-asks': '#7a3fb0',
    '--sluice-good-soft': '#e3f4e8',
    '--sluice-bad-soft': '#fdeaea',
    '--sluice-warn-soft': '#fdf2dc',
    '--sluice-busy-soft': '#e2f2f7',
    '--sluice-quiet-soft': '#eef1f4',
    '--sluice-asks-soft': '#f3eafb',
  },
  dark: {
    '--mantine-color-dimmed': '#a3abb5',
    '--mantine-color-placeholder': '#97a0ab',
    '--mantine-color-error': t.colors.red[4],
    '--mantine-color-anchor': t.colors.water?.[3] ?? '#78bbcf',
    '--sluice-page': '#14171b',
    '--sluice-surface': '#1b1f24',
    '--sluice-raised': '#22272d',
    '--sluice-sunken': '#15181c',
    '--sluice-line': '#31373f',
    '--sluice-line-strong': '#717a85',
    '--sluice-canvas': '#14171b',
    '--sluice-dot': '#363d46',
    '--sluice-accent-text': '#78bbcf',
    '--sluice-note': '#2b281c',
    '--sluice-note-line': '#4d4630',
    '--sluice-note-text': '#e4dcc0',
    '--sluice-good': '#69c98a',
    '--sluice-bad': '#ff8f8f',
    '--sluice-warn': '#eebc5c',
    '--sluice-busy': '#6cc0d8',
    '--sluice-quiet': '#a3abb5',
    '--sluice-asks': '#c79bf0',
    '--sluice-good-soft': '#1a3123',
    '--sluice-bad-soft': '#3b2022',
    '--sluice-warn-soft': '#382d17',
    '--sluice-busy-soft': '#17323b',
    '--sluice-quiet-soft': '#262b32',
    '--sluice-asks-soft': '#302440',
  },
});
