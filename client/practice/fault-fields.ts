/** What can be made to go wrong, in words. `path` leads into the settings of the service. */
export interface FaultField {
  readonly path: readonly string[];
  readonly label: string;
  readonly help: string;
  readonly kind: 'milliseconds' | 'count' | 'switch' | 'texts';
  /** A second setting that goes with it, such as the status to answer with. */
  readonly with?: {
    readonly path: readonly string[];
    readonly label: string;
    readonly kind: 'text' | 'count' | 'status';
  };
}

export type FaultService = 'salesforce' | 'slack' | 'smtp';

const slow = (help = 'Milliseconds that every answer waits'): FaultField => ({
  path: ['slowMs'],
  label: 'Be slow',
  help,
  kind: 'milliseconds',
});

const failNext: FaultField = {
  path: ['failNext', 'count'],
  label: 'Fail the next requests',
  help: 'So many requests are answered with an error of the server, and nothing is done',
  kind: 'count',
  with: { path: ['failNext', 'status'], label: 'Status', kind: 'status' },
};

const drop = (what: string): FaultField => ({
  path: ['dropAfterEffect'],
  label: 'Lose the answer',
  help: `So many ${what} are done, but the connection is cut before the answer: the outcome is unknown`,
  kind: 'count',
});

export const faultFields: Readonly<Record<FaultService, readonly FaultField[]>> = {
  salesforce: [
    slow(),
    failNext,
    drop('writes'),
    {
      path: ['lockRows', 'every'],
      label: 'Lock every so many rows',
      help: 'The write of every n-th row is refused since somebody else holds it. 1 is every row',
      kind: 'count',
    },
    {
      path: ['requestLimitReached'],
      label: 'Request limit reached',
      help: 'Every request is refused since the daily limit is used up',
      kind: 'switch',
    },
  ],
  slack: [
    slow(),
    {
      path: ['rateLimitNext', 'count'],
      label: 'Ask to slow down',
      help: 'So many calls are answered with 429 and a time to wait',
      kind: 'count',
      with: { path: ['rateLimitNext', 'retryAfterSeconds'], label: 'Seconds to wait', kind: 'count' },
    },
    {
      path: ['errorNext', 'count'],
      label: 'Refuse the next calls',
      help: "So many calls are refused with an error of Slack's",
      kind: 'count',
      with: { path: ['errorNext', 'error'], label: 'Error', kind: 'text' },
    },
    failNext,
    drop('posts'),
    {
      path: ['realRateLimit'],
      label: "Slack's own pace",
      help: 'About one message a second in each channel',
      kind: 'switch',
    },
    {
      path: ['tokenRevoked'],
      label: 'Token revoked',
      help: 'Every call is refused as if the app had been removed',
      kind: 'switch',
    },
  ],
  smtp: [
    slow('Milliseconds that the server waits before it answers'),
    {
      path: ['temporaryFailures'],
      label: 'Put mails off',
      help: 'So many mails are answered with 451: try again later',
      kind: 'count',
    },
    drop('mails'),
    {
      path: ['rejectRecipients'],
      label: 'Refuse these recipients',
      help: 'Mails to these addresses are refused for good. Press Enter after each',
      kind: 'texts',
    },
    {
      path: ['refuseSignIn'],
      label: 'Refuse sign-in',
      help: 'User name and password are refused',
      kind: 'switch',
    },
  ],
};

type Settings = Readonly<Record<string, unknown>>;

export function settingAt(settings: Settings, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Settings | undefined)?.[name], settings);
}

/** The settings with one of them changed; the others in its group stay. */
export function withSetting(settings: Settings, [name = '', ...rest]: readonly string[], value: unknown): Settings {
  const inner = settings[name];
  return { ...settings, [name]: rest.length === 0 ? value : withSetting((inner ?? {}) as Settings, rest, value) };
}

/** Whether anything is set to go wrong. */
export function isFaulty(service: FaultService, settings: Settings): boolean {
  return faultFields[service].some(({ path }) => {
    const value = settingAt(settings, path);
    return Array.isArray(value) ? value.length > 0 : value !== 0 && value !== false;
  });
}

/** What turns everything off, in the form that the server takes. */
export function noFaults(service: FaultService, settings: Settings): Settings {
  return faultFields[service].reduce<Settings>((quiet, { path }) => {
    const value = settingAt(quiet, path);
    return withSetting(quiet, path, Array.isArray(value) ? [] : typeof value === 'boolean' ? false : 0);
  }, settings);
}
