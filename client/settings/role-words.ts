import type { Role } from '../../spec/api/permission.ts';

/** What each role may do beyond the one before it. */
export const roleWords: Readonly<Record<Role, { readonly label: string; readonly may: string }>> = {
  viewer: { label: 'Viewer', may: 'Sees workflows, runs and what they read and wrote' },
  operator: { label: 'Operator', may: 'Also starts, cancels and restarts runs, and answers what needs somebody' },
  editor: { label: 'Editor', may: 'Also builds and publishes workflows, and keeps credentials and variables' },
  admin: { label: 'Administrator', may: 'Also keeps users, tokens of all and the settings, and reads the audit log' },
};
