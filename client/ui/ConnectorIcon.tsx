import { brandMarks, lineIcons, unknownIcon } from './connector-marks.ts';

interface Props {
  /** Connector folder or credential type, such as `salesforce` or `postgres`. */
  readonly connector: string;
  /** Node type, where it has an icon of its own. */
  readonly type?: string | undefined;
  readonly size?: number;
}

/** Decoration: the name always stands beside it. */
export function ConnectorIcon({ connector, type, size = 20 }: Props) {
  const brand = brandMarks[connector];
  if (brand) {
    return (
      <svg width={size} height={size} viewBox={`0 0 ${brand.box} ${brand.box}`} aria-hidden="true" focusable="false">
        {brand.paths.map((path) => (
          <path key={path.d} d={path.d} fill={path.fill} />
        ))}
      </svg>
    );
  }
  const Icon = lineIcons[type ?? ''] ?? lineIcons[connector] ?? unknownIcon;
  return <Icon size={size} stroke={1.75} aria-hidden />;
}
