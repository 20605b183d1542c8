import {
  IconAdjustmentsHorizontal,
  IconArrowsJoin,
  IconArrowsSort,
  IconArrowsSplit2,
  IconBoltFilled,
  IconBraces,
  IconCalendarClock,
  IconChecklist,
  IconCircleDashed,
  IconClockPause,
  IconColumns,
  IconCopyOff,
  IconDatabase,
  IconFileExport,
  IconFileImport,
  IconFilter,
  IconForms,
  IconGitCompare,
  IconGitMerge,
  IconHandClick,
  IconLayersSubtract,
  IconListDetails,
  IconMail,
  IconMessageReply,
  IconOctagonMinus,
  IconPencil,
  IconPuzzle,
  IconRepeat,
  IconRoute,
  IconSitemap,
  IconSquareRoundedNumber1,
  IconSum,
  IconTable,
  IconTestPipe,
  IconViewportWide,
  IconWebhook,
  IconWorld,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import {
  siDuckdb,
  siGmail,
  siGooglesheets,
  siMariadb,
  siMysql,
  siPagerduty,
  siPostgresql,
  siSnowflake,
  siSqlite,
} from 'simple-icons';

export type LineIcon = ComponentType<{ size?: number | string; 'aria-hidden'?: boolean; stroke?: number }>;

/** One or more filled paths on a square of `box` units, each with the brand's colour. */
export interface BrandMark {
  readonly box: number;
  readonly paths: readonly { readonly d: string; readonly fill: string }[];
}

function simple(icon: { path: string; hex: string }, fill = `#${icon.hex}`): BrandMark {
  return { box: 24, paths: [{ d: icon.path, fill }] };
}

/** Brand marks by connector folder or credential type. Marks that simple-icons does not carry are drawn here. */
export const brandMarks: Readonly<Record<string, BrandMark>> = {
  salesforce: {
    box: 24,
    paths: [
      {
        fill: '#00a1e0',
        d: 'M10 6.2a4.6 4.6 0 0 1 7.4 1.2 4.9 4.9 0 1 1 .9 9.6 3.6 3.6 0 0 1-4.7 1.5 4.2 4.2 0 0 1-7.7-.3A3.9 3.9 0 1 1 3 11.300 4.400 4.400 0 0 1 10 6.200Z',
      },
    ],
  },
  slack: {
    box: 24,
    paths: [
      {
        fill: '#36c5f0',
        d: 'M9 2a2.100 2.100 0 0 0 0 4.200h2.100V4.100A2.100 2.100 0 0 0 9 2Zm0 5.600H3.600a2.100 2.100 0 0 0 0 4.200H9a2.100 2.100 0 0 0 0-4.200Z',
      },
      {
        fill: '#2eb67d',
        d: 'M22.500 9.700a2.100 2.100 0 0 0-4.200 0v2.100h2.100a2.100 2.100 0 0 0 2.100-2.100Zm-5.600 0V4.100a2.100 2.100 0 0 0-4.200 0v5.600a2.100 2.100 0 0 0 4.200 0Z',
      },
      {
        fill: '#ecb22e',
        d: 'M14.800 22.900a2.100 2.100 0 0 0 0-4.200h-2.100v2.100c0 1.200 1 2.100 2.100 2.100Zm0-5.600h5.600a2.100 2.100 0 0 0 0-4.200h-5.600a2.100 2.100 0 0 0 0 4.200Z',
      },
      {
        fill: '#e01e5a',
        d: 'M1.500 15.200a2.100 2.100 0 0 0 4.200 0v-2.100H3.600a2.100 2.100 0 0 0-2.100 2.100Zm5.400 0v5.600a2.100 2.100 0 0 0 4.200 0v-5.600a2.100 2.100 0 0 0-4.200 0Z',
      },
    ],
  },
  dbt: {
    box: 24,
    paths: [
      {
        fill: '#ff694b',
        d: 'M3.200 2.500c-.6 0-.9.7-.6 1.200L7.300 12l-4.700 8.300c-.3.500 0 1.200.600 1.200.200 0 .300 0 .400-.100L12 16.700l8.400 4.700c.100.100.200.100.400.100.600 0 .900-.700.600-1.200L16.700 12l4.700-8.300c.300-.500 0-1.200-.600-1.200-.200 0-.300 0-.4.100L12 7.300 3.600 2.600a.7.700 0 0 0-.4-.100Zm8.800 6.900a2.600 2.600 0 1 1 0 5.200 2.600 2.600 0 0 1 0-5.200Z',
      },
    ],
  },
  postgres: simple(siPostgresql),
  mysql: simple(siMysql),
  mariadb: simple(siMariadb, 'currentColor'),
  sqlite: simple(siSqlite, '#0f80cc'),
  duckdb: simple(siDuckdb, 'currentColor'),
  snowflake: simple(siSnowflake),
  pagerduty: simple(siPagerduty),
  gmail: simple(siGmail),
  'google-sheets': simple(siGooglesheets),
};

/** Line icons by node type, then by connector folder. */
export const lineIcons: Readonly<Record<string, LineIcon>> = {
  manual: IconHandClick,
  schedule: IconCalendarClock,
  webhook: IconWebhook,
  form: IconForms,
  if: IconArrowsSplit2,
  switch: IconRoute,
  merge: IconGitMerge,
  'for-each': IconRepeat,
  'repeat-until': IconRepeat,
  wait: IconClockPause,
  'run-workflow': IconSitemap,
  respond: IconMessageReply,
  stop: IconOctagonMinus,
  'no-op': IconCircleDashed,
  'set-fields': IconPencil,
  'rename-fields': IconForms,
  'pick-fields': IconColumns,
  filter: IconFilter,
  sort: IconArrowsSort,
  limit: IconSquareRoundedNumber1,
  dedupe: IconCopyOff,
  aggregate: IconSum,
  join: IconArrowsJoin,
  compare: IconGitCompare,
  'split-out': IconListDetails,
  combine: IconLayersSubtract,
  check: IconChecklist,
  'sql-over-steps': IconTable,
  code: IconBraces,
  generate: IconTestPipe,
  'read-file': IconFileImport,
  'write-file': IconFileExport,
  http: IconWorld,
  sql: IconDatabase,
  email: IconMail,
  smtp: IconMail,
  browser: IconViewportWide,
  file: IconFileImport,
  trigger: IconBoltFilled,
  data: IconAdjustmentsHorizontal,
};

export const unknownIcon: LineIcon = IconPuzzle;
